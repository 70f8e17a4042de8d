import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { type SenderPorts, sendImport } from '@facetgrade/dicom/import-sender'
import { openNodePool } from '@facetgrade/dicom/node-pool'
import { isOutcomeCode, outcomeSentence } from '@facetgrade/dicom/outcome-codes'
import { type KeyFile, openStudyKey, type StudyKey } from '@facetgrade/dicom/study-key'
import type { ImportProgress } from '@facetgrade/study/imports/show-imports'
import type { Command } from 'commander'
import { type Api, openApi } from '../api.ts'
import type { CliContext } from '../cli-context.ts'
import { previewClinical, takeClinical } from '../clinical-csv.ts'
import { keyFor } from '../key-file.ts'
import { pointsText, previewPoints, readPoints, readTruth, takePoints, takeTruth, truthText } from '../keyed-tables.ts'
import { RefusedError } from '../refusal.ts'
import { sourceFiles } from '../source-files.ts'
import { refuseOtherKey } from '../study-key-check.ts'
import { uploadPack } from '../upload-pack.ts'

type Options = {
  study: string
  keyFile?: string
  clinical?: string
  confirm?: true
  truth?: string
  points?: string
  strict?: true
}
type Settings = Awaited<ReturnType<Api['imports']['settings']['query']>>

const POLL_MS = 250
const REFUSED = new Set(['held', 'quarantined', 'rejected'])

export function registerImport(program: Command, context: CliContext): void {
  program
    .command('import')
    .description('pseudonymise a folder or zip of DICOM here, send it, and print what became of every file')
    .argument('<source>', 'folder, zip or file')
    .requiredOption('--study <code>')
    .option('--key-file <file>', "the study's key; default: this machine's own, made once")
    .option('--clinical <csv>', 'the clinical table; only shown, unless --confirm is given')
    .option('--confirm', 'take the clinical table as shown')
    .option('--truth <csv>', 'the grades built into phantoms; only in a study marked synthetic or demo')
    .option('--points <json>', 'joint points to publish for the imported exams')
    .option('--strict', 'exit with 3 when a file was refused')
    .action(async (source: string, options: Options) => importFolder(context, source, options))
}

/** Sends a folder as the context's person and tells what became of it. */
export async function importFolder(context: CliContext, source: string, options: Options): Promise<void> {
  const api = openApi(context.address(), context.token(), { retries: true })
  const settings = await api.imports.settings.query({ studyCode: options.study })
  const keyFile = keyFor({ keyFile: options.keyFile, env: context.env, mayCreate: settings.keyFingerprint === null })
  const key = openStudyKey(keyFile, settings.studyCode)
  refuseOtherKey(key, settings)
  const at = { api, studyCode: settings.studyCode, settings, key }
  const clinical = options.clinical === undefined ? undefined : await previewClinical(at, options.clinical)
  const tables = await readTables(at, options)
  const { importId, resumed } = await send(context, { source, options, settings, keyFile, key, api })
  const result = await untilDone(context, { api, studyCode: settings.studyCode, importId })
  const table = clinical && options.confirm ? await takeClinical(at, clinical) : clinical?.preview
  const { truth, points } = await takeTables(at, tables)
  const value = {
    ...summary(result),
    resumed,
    ...(table ? { clinical: { ...table, taken: options.confirm === true } } : {}),
    ...(truth ? { truth } : {}),
    ...(points ? { points } : {}),
  }
  const lines = [
    text(result),
    ...(table ? [clinicalText(table, options.confirm === true)] : []),
    ...(truth ? [truthText(truth)] : []),
    ...(points ? [pointsText(points)] : []),
  ]
  context.done(value, lines.join('\n'))
  if (options.strict && result.counts.some(({ outcome }) => REFUSED.has(outcome))) context.exitWith(3)
}

type Place = { api: Api; studyCode: string; settings: Settings; key: StudyKey }

/** Read and refused before the first file is sent. */
async function readTables({ api, studyCode, settings, key }: Place, options: Options) {
  const keyed = { key, defaultIssuer: settings.defaultIssuer }
  if (options.truth !== undefined && (await api.studies.show.query({ studyCode })).kind === 'real') {
    throw new RefusedError(
      'TRUTH_IN_REAL_STUDY',
      'Built-in grades belong to phantoms: only a study marked synthetic or demo takes them. Nothing was imported.',
    )
  }
  return {
    truth: options.truth === undefined ? undefined : await readTruth(options.truth, keyed),
    points: options.points === undefined ? undefined : readPoints(options.points, keyed),
  }
}

/** Both are looked at by the server before either is taken. */
async function takeTables(at: Place, tables: Awaited<ReturnType<typeof readTables>>) {
  if (tables.points) await previewPoints(at, tables.points)
  return {
    truth: tables.truth && (await takeTruth(at, tables.truth)),
    points: tables.points && (await takePoints(at, tables.points)),
  }
}

/** The tables that the command names may lie among the images; they are no images. */
async function imagesOf(source: string, { clinical, truth, points }: Options) {
  const tables = new Set([clinical, truth, points].flatMap((path) => (path === undefined ? [] : [resolve(path)])))
  return (await sourceFiles(source)).filter(({ name }) => !tables.has(resolve(source, name)))
}

async function send(
  context: CliContext,
  of: { source: string; options: Options; settings: Settings; keyFile: KeyFile; key: StudyKey; api: Api },
): Promise<{ importId: string; resumed: boolean }> {
  const { settings, key, api } = of
  const { studyCode, defaultIssuer, imagingPeriod } = settings
  const files = await imagesOf(of.source, of.options)
  const pool = openNodePool({
    size: availableParallelism(),
    keyed: { keyFile: of.keyFile, studyCode, context: { defaultIssuer, imagingPeriod } },
  })
  const ports: SenderPorts = {
    begin: (roster) => api.imports.begin.mutate({ studyCode, source: 'cli', ...roster }),
    reportRefused: (importId, refusals) =>
      api.imports.reportRefused.mutate({ studyCode, importId, files: [...refusals] }),
    upload: (importId, packIndex, parts) =>
      uploadPack({ address: context.address(), token: context.token() }, { studyCode, importId, packIndex, parts }),
    finish: (importId, packs) => api.imports.finish.mutate({ studyCode, importId, packs: [...packs] }),
    pseudonymise: (bytes) => pool.pseudonymise(bytes),
  }
  const progress = context.progress({ total: files.length, unit: 'files' })
  const started = performance.now()
  try {
    return await sendImport(
      {
        files,
        key,
        onProgress: ({ files: done, bytes }) => {
          progress.at(done, `sent ${(bytes / 1000 / (performance.now() - started)).toFixed(1)} MB/s`)
        },
      },
      ports,
    )
  } finally {
    progress.end()
    await pool.close()
  }
}

async function untilDone(
  context: CliContext,
  of: { api: Api; studyCode: string; importId: string },
): Promise<ImportProgress> {
  const { api, ...input } = of
  let shown = await api.imports.show.query(input)
  const progress = context.progress({ total: shown.fileCount, unit: 'files' })
  while (shown.state !== 'done') {
    if (shown.state === 'cancelled') throw new RefusedError('IMPORT_CLOSED', 'The import was cancelled meanwhile.')
    progress.at(shown.answered, 'checked by the server')
    await new Promise((next) => setTimeout(next, POLL_MS))
    shown = await api.imports.show.query(input)
  }
  progress.at(shown.answered, 'checked by the server')
  progress.end()
  return shown
}

function summary({ importId, state, fileCount, answered, counts, elapsedMs, filesPerSecond }: ImportProgress) {
  const outcomes = { accepted: 0, duplicate: 0, held: 0, quarantined: 0, rejected: 0 }
  for (const { outcome, files } of counts) outcomes[outcome] += files
  return { importId, state, received: fileCount, answered, outcomes, counts, elapsedMs, filesPerSecond }
}

function text(result: ImportProgress): string {
  const { received, outcomes } = summary(result)
  const lines = result.counts.map(({ outcome, code, files }) => {
    const sentence = isOutcomeCode(code) ? outcomeSentence(code, 'en') : ''
    return `  ${String(files).padStart(7)}  ${outcome.padEnd(11)}  ${code}${sentence === '' ? '' : `: ${sentence}`}`
  })
  const sum = Object.entries(outcomes)
    .map(([outcome, files]) => `${files} ${outcome}`)
    .join(' + ')
  return [`received ${received} = ${sum} (${(result.elapsedMs / 1000).toFixed(1)} s)`, ...lines].join('\n')
}

const clinicalText = (table: { created: number; changed: number; unchanged: number }, isTaken: boolean): string =>
  `clinical table: ${table.created} new patients, ${table.changed} changed, ${table.unchanged} unchanged; ${
    isTaken ? 'taken' : 'not taken: run again with --confirm to take it'
  }`
