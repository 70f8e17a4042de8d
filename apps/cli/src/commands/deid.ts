import { mkdir, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { watchDemographics } from '@facetgrade/dicom/demographics-watch'
import { planImport } from '@facetgrade/dicom/import-plan'
import type { SourceFile } from '@facetgrade/dicom/import-sender'
import { LIMITS } from '@facetgrade/dicom/limits'
import type { NamedOutcome } from '@facetgrade/dicom/node-parse-task'
import { openNodePool, type ParsePool } from '@facetgrade/dicom/node-pool'
import { OUTCOME_CODES, refused } from '@facetgrade/dicom/outcome-codes'
import { StudyCode } from '@facetgrade/grading/study-code'
import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { readKeyFile } from '../key-file.ts'
import { UsageError } from '../refusal.ts'
import { sourceFiles } from '../source-files.ts'
import { explainAttribute } from './explain-attribute.ts'

type Outcome = 'accepted' | 'duplicate' | 'held' | 'quarantined' | 'rejected'
type DeidLine = { index: number; outcome: Outcome; code: string; message: string; output: string | null }
type Options = { keyFile?: string; study: string; issuer: string; strict?: true; explain?: string; sop?: string }
type Job = { source: string; out: string; keyFile: string; study: string; issuer: string; strict?: true }

export function registerDeid(program: Command, context: CliContext): void {
  program
    .command('deid')
    .description('pseudonymise DICOM files into a folder, without a server; objects are named by their content hash')
    .argument('[source]', 'file, folder or zip')
    .argument('[out]', 'folder for the objects and ledger.json')
    .option('--key-file <file>')
    .option('--study <code>', 'study that the key is opened for', 'local')
    .option('--issuer <name>', 'issuer of patient ids where a file names none', 'local')
    .option('--strict', 'exit with 3 when a file was refused')
    .option('--explain <tag>', 'instead: say why an attribute stays, changes or goes')
    .option('--sop <uid>', 'with --explain: in this SOP class alone')
    .action(async (source: string | undefined, out: string | undefined, options: Options) => {
      const { explain: tag, sop, keyFile, ...rest } = options
      if (tag !== undefined) return explainAttribute(context, { tag, sop })
      if (source === undefined || out === undefined || keyFile === undefined)
        throw new UsageError('deid takes a source, a folder to write to and --key-file <file>')
      return deid(context, { source, out, keyFile, ...rest })
    })
}

async function deid(context: CliContext, of: Job): Promise<void> {
  const studyCode = StudyCode.safeParse(of.study)
  if (!studyCode.success) throw new UsageError('--study is lower case letters, digits and hyphens, at most 24')
  const inside = relative(resolve(of.source), resolve(of.out))
  if (inside === '' || !inside.startsWith('..')) throw new UsageError('the output folder lies inside the source')
  const keyFile = readKeyFile(of.keyFile)
  const files = await sourceFiles(of.source)
  await mkdir(of.out, { recursive: true })
  const pool = openNodePool({
    size: availableParallelism(),
    keyed: { keyFile, studyCode: studyCode.data, context: { defaultIssuer: of.issuer, imagingPeriod: null } },
  })
  const progress = context.progress({ total: files.length, unit: 'files' })
  const ledger: DeidLine[] = []
  const judge = judging()
  try {
    for (const pack of planImport(files).packs) {
      const outcomes = await Promise.all(pack.map(({ file }) => pseudonymise(file, pool)))
      const lines = pack.map(({ index }, at) => judge(index, outcomes[at] ?? refused('UNEXPECTED')))
      await Promise.all(
        lines.flatMap(({ object }) => (object ? [writeFile(join(of.out, object.name), object.bytes)] : [])),
      )
      ledger.push(...lines.map(({ line }) => line))
      progress.at(ledger.length)
    }
  } finally {
    progress.end()
    await pool.close()
  }
  await writeFile(join(of.out, 'ledger.json'), `${JSON.stringify(ledger, null, 2)}\n`)
  report(context, ledger, of)
}

async function pseudonymise(file: SourceFile, pool: ParsePool): Promise<NamedOutcome> {
  if (file.size > LIMITS.fileBytes) return refused('FILE_TOO_LARGE')
  const bytes = await file.read()
  return bytes instanceof Uint8Array ? pool.pseudonymiseNamed(bytes) : bytes
}

type DeidObject = { name: string; bytes: Uint8Array }

/** One answer per file, as the server would give it: in the order of the ledger. */
function judging(): (index: number, outcome: NamedOutcome) => { line: DeidLine; object?: DeidObject } {
  const contents = new Map<string, string>()
  const agreement = watchDemographics()
  return (index, outcome) => {
    const answer = outcome.outcome === 'accepted' ? (agreement(outcome) ?? outcome) : outcome
    if (answer.outcome !== 'accepted') return { line: { index, ...answer, output: null } }
    const { sopInstanceUid, contentHash: name, bytes } = answer
    const before = contents.get(sopInstanceUid)
    if (before === undefined) {
      contents.set(sopInstanceUid, name)
      const message = 'The file is pseudonymised.'
      return { line: { index, outcome: 'accepted', code: 'ACCEPTED', message, output: name }, object: { name, bytes } }
    }
    if (before === name) {
      const message = 'The same image came before in this run.'
      return { line: { index, outcome: 'duplicate', code: 'DUPLICATE', message, output: before } }
    }
    const { kind, en } = OUTCOME_CODES.INSTANCE_CONFLICT
    return { line: { index, outcome: kind, code: 'INSTANCE_CONFLICT', message: en, output: null } }
  }
}

function report(context: CliContext, ledger: readonly DeidLine[], of: { out: string; strict?: true }): void {
  const outcomes = { accepted: 0, duplicate: 0, held: 0, quarantined: 0, rejected: 0 }
  for (const { outcome } of ledger) outcomes[outcome] += 1
  const sum = Object.entries(outcomes)
    .map(([outcome, files]) => `${files} ${outcome}`)
    .join(' + ')
  const ledgerFile = join(of.out, 'ledger.json')
  context.done(
    { received: ledger.length, outcomes, ledger: ledgerFile },
    `received ${ledger.length} = ${sum}\nsee ${ledgerFile}`,
  )
  if (of.strict && outcomes.held + outcomes.quarantined + outcomes.rejected > 0) context.exitWith(3)
}
