import type { BundleManifest } from './manifest.ts'

/** README.txt: what each file is, in words; names the study's kind first. */
export function readme(manifest: Omit<BundleManifest, 'files'>): string {
  const { study, about, isBlinded, parts, patients, asOf, software, protocol, splitSeal, evaluation, tables } = manifest
  const lines = [
    `Bundle of the study ${study.code}: ${study.title}`,
    '',
    study.kind === 'real' ? about : `*** ${study.kind.toUpperCase()}. ${about}. ***`,
    '',
    isBlinded
      ? 'BLINDED: training and validation only, of the test part the counts alone; reader codes are masked (M1, M2 ...).'
      : `UNBLINDED: ${parts.join(', ')}. The test part was opened ${manifest.unsealings} time${manifest.unsealings === 1 ? '' : 's'}.`,
    `Data as of ${asOf}; ${patients} patients; protocol version ${protocol.version} (${protocol.hash.slice(0, 16)}...).`,
    `Split seal: ${splitSeal ?? 'not sealed'}.`,
    `Made by ${software.name} ${software.version}. The same data give the same files, byte by byte.`,
    '',
    'manifest.json         every file with its size and SHA-256, every table with its rows, all versions',
    'codebook.csv, .json   every variable, its type, unit and label, every code, what is missing and why',
    'tables/               each table as CSV (UTF-8 with byte order mark), Parquet and XLSX',
    'import.R .sps .do .sas  load every table with types, labels, value labels and missing codes (R, SPSS or PSPP, Stata, SAS)',
    'odm.xml               the grades as CDISC ODM 1.3.2',
    'dicom-sr.zip          every signed reading as a DICOM SR (TID 1500)',
    'protocol.json         the protocol in force; protocol-versions.json all under which a reading was made',
    'plan.json             the analysis plan, when there is one',
    'evaluation/           results.json (every number in the result contract), inputs.json, bootstrap.csv (the resamples)',
    'analysis.R            computes every number of evaluation/results.json again from tables/ and stops at the first',
    '                      difference: Rscript analysis.R (R with jsonlite, pROC and survey)',
    '',
    evaluation === null
      ? 'There is no evaluation in this bundle.'
      : `Evaluation ${evaluation.resultHash.slice(0, 16)}...: ${evaluation.rows} numbers, reference version ${evaluation.referenceVersion}${evaluation.isStale ? '. STALE: readings were changed after it; analysis.R will differ' : ''}.`,
    '',
    'Missing is never 0: an empty grade has a state (not_graded, not_assessable with a reason, not_applicable).',
    "Left and right are the patient's own.",
    '',
    'Tables:',
    ...tables.map(
      ({ name, rows, key }) =>
        `  ${name.padEnd(20)} ${String(rows).padStart(9)} rows; a row is named by ${key.join(', ')}`,
    ),
    '',
  ]
  return lines.join('\r\n')
}
