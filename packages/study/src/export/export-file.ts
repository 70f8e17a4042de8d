import { EvaluationResults } from '../evaluation/evaluation-results.ts'
import { actorIn, type OpenWall, type RequestContext, type StudyActor } from '../procedure.ts'
import type { StudyKind } from '../studies/study-store.ts'
import { StudyError } from '../study-error.ts'
import { CODEBOOK_FILE, CODEBOOK_HEADER, codebookRows } from './codebook-csv.ts'
import { COUNT_COLUMNS, COUNTS_FILE } from './counts-csv.ts'
import { BOM, type CsvValue, csvLine } from './csv.ts'
import { EXPORT_TABLES, type ExportTable } from './export-tables.ts'
import { RESULT_COLUMNS, RESULTS_FILE, RESULTS_JSON_FILE } from './results-csv.ts'

/** Patients whose rows are in memory at once: at three modalities and four readers about 13,000 grade events. */
const PATIENTS_A_PAGE = 25

export const EXPORT_ROLES = ['statistician', 'investigator'] as const

export type ExportDownload = {
  readonly fileName: string
  readonly mediaType: 'text/csv; charset=utf-8' | 'application/json; charset=utf-8'
  /** Text in pieces. Each piece is read when it is asked for, in a short transaction of its own. */
  readonly chunks: AsyncIterable<string>
}

/**
 * One file of a study's export. Before an unsealing tables hold training and validation and of the test part nothing:
 * row policies show none of it, and the question whether it is open is asked once, before the first row, so that no file
 * changes its mind half way. Every download leaves a row in the trail.
 *
 * @throws {StudyError} NOT_FOUND for a study that is not the caller's and for a file that there is not
 */
export async function exportFile(
  ctx: RequestContext,
  { studyCode, file }: { studyCode: string; file: string },
): Promise<ExportDownload> {
  const { session } = ctx
  if (!session) throw new StudyError('SIGNED_OUT')
  if (!session.hasSecondFactor) throw new StudyError('SECOND_FACTOR_REQUIRED')
  const actor = await actorIn(ctx, session, studyCode, EXPORT_ROLES)
  const table = EXPORT_TABLES.find((candidate) => candidate.file === file)
  const { includesTest, kind } = await begin(ctx, actor, file)
  // What is not about patients says so in its name, so that it is never taken for a real study's.
  const fileName = `${kind === 'real' ? '' : `${kind}-`}${studyCode}-${file}`
  const csv = { fileName, mediaType: 'text/csv; charset=utf-8' as const }
  if (table) return { ...csv, chunks: tableChunks(ctx, actor, { table, includesTest }) }
  const whole = await ctx.open(actor, (wall) => wholeFile(wall, actor, file))
  return file === RESULTS_JSON_FILE
    ? { fileName, mediaType: 'application/json; charset=utf-8', chunks: once(whole) }
    : { ...csv, chunks: once(whole) }
}

const FILES: ReadonlySet<string> = new Set([
  ...EXPORT_TABLES.map(({ file }) => file),
  CODEBOOK_FILE,
  COUNTS_FILE,
  RESULTS_FILE,
  RESULTS_JSON_FILE,
])

/** The trail first; then whether the test part is open. */
async function begin(
  ctx: RequestContext,
  actor: StudyActor,
  file: string,
): Promise<{ includesTest: boolean; kind: StudyKind }> {
  if (!FILES.has(file)) throw new StudyError('NOT_FOUND')
  return ctx.open(actor, async ({ stores }) => {
    const includesTest = (await stores.unsealing.list(actor.studyId)).length > 0
    await stores.audit.write({
      action: 'export.downloaded',
      object: 'Export',
      objectId: file,
      new: { includesTest },
    })
    return { includesTest, kind: (await stores.studies.show(actor.studyId)).kind }
  })
}

async function* tableChunks(
  ctx: RequestContext,
  actor: StudyActor,
  { table, includesTest }: { table: ExportTable; includesTest: boolean },
): AsyncGenerator<string> {
  yield BOM + csvLine(table.columns.map(({ name }) => name))
  const { studyId } = actor
  const load = (after: string | null) =>
    ctx.open(actor, async ({ stores }) => {
      const patientCodes = await stores.exports.patientCodes({ studyId, after, take: PATIENTS_A_PAGE, includesTest })
      return { last: patientCodes.at(-1) ?? null, rows: await table.rows(stores, { studyId, patientCodes }) }
    })
  let page = await load(null)
  while (page.last !== null) {
    // The database works on the next page while this one is written: never more than two are in memory.
    const next = load(page.last)
    const text = page.rows.map(csvLine).join('')
    page = await next
    yield text
  }
}

async function wholeFile(wall: OpenWall, actor: StudyActor, file: string): Promise<string> {
  const { stores } = wall
  const { studyId } = actor
  if (file === CODEBOOK_FILE) {
    const { protocol, version } = await stores.protocol.latest(studyId)
    const { kind } = await stores.studies.show(studyId)
    return asCsv(CODEBOOK_HEADER, codebookRows(protocol, { protocolVersion: version, kind }))
  }
  if (file === COUNTS_FILE) {
    const counts = await wall.asSystem((system) => system.exports.counts(studyId))
    return asCsv(
      COUNT_COLUMNS.map(({ name }) => name),
      counts.map((count) => COUNT_COLUMNS.map(({ value }) => value(count))),
    )
  }
  const [latest] = await stores.evaluation.list(studyId)
  const evaluation = latest && (await stores.evaluation.find(latest.evaluationId))
  if (!evaluation) throw new StudyError('NOT_FOUND')
  const results = EvaluationResults.parse(evaluation.results)
  if (file === RESULTS_JSON_FILE) return `${JSON.stringify({ ...evaluation, results }, null, 2)}\n`
  const { evaluationId, resultHash } = evaluation
  return asCsv(
    RESULT_COLUMNS.map(({ name }) => name),
    results.rows.map((row) => RESULT_COLUMNS.map(({ value }) => value({ ...row, evaluationId, resultHash }))),
  )
}

function asCsv(header: readonly string[], rows: Iterable<readonly CsvValue[]>): string {
  return BOM + csvLine(header) + Array.from(rows, csvLine).join('')
}

async function* once(text: string): AsyncGenerator<string> {
  yield text
}
