import { codebookCsv } from '@facetgrade/bundle/codebook'
import { BOM, csvLine } from '@facetgrade/bundle/csv'
import type { Table, TableRow } from '@facetgrade/bundle/table'
import { actorIn, type OpenWall, type RequestContext, type StudyActor } from '../procedure.ts'
import { StudyError } from '../study-error.ts'
import type { ExportTable } from './bound-table.ts'
import { COUNTS_TABLE, countRows } from './counts-table.ts'
import { EXPORT_ROLES } from './export-roles.ts'
import { type ExportScope, exportScope } from './export-scope.ts'
import { exportTables } from './export-tables.ts'
import { pageSource } from './page-source.ts'
import { RESULTS_TABLE, resultRows } from './results-table.ts'

/** Patients whose rows are in memory at once: at three modalities and four readers about 13,000 grade events. */
const PATIENTS_A_PAGE = 25

export const CODEBOOK_FILE = 'codebook.csv'
export const RESULTS_JSON_FILE = 'evaluation.json'
export const csvName = ({ name }: Pick<Table, 'name'>): string => `${name}.csv`

export type ExportDownload = {
  readonly fileName: string
  readonly mediaType: 'text/csv; charset=utf-8' | 'application/json; charset=utf-8'
  /** Text in pieces. Each piece is read when it is asked for, in a short transaction of its own. */
  readonly chunks: AsyncIterable<string>
}

/**
 * One table of a study as it stands now. Before an unsealing it is blinded: training and validation only, of the test part
 * nothing (row policies show none of it), readers masked; whether it is open is asked once, before the first row, so
 * that no file changes its mind half way. Every download leaves a row in the trail.
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
  const scope = await begin(ctx, actor, file)
  const table = exportTables(scope.protocol, scope.kind).find((candidate) => csvName(candidate) === file)
  // What is not about patients says so in its name, so that it is never taken for a real study's.
  const fileName = `${scope.kind === 'real' ? '' : `${scope.kind}-`}${scope.isBlinded ? 'blinded-' : ''}${studyCode}-${file}`
  const csv = { fileName, mediaType: 'text/csv; charset=utf-8' as const }
  if (table) return { ...csv, chunks: tableChunks(ctx, actor, { table, scope }) }
  const whole = await ctx.open(actor, (wall) => wholeFile(wall, scope, file))
  return file === RESULTS_JSON_FILE
    ? { fileName, mediaType: 'application/json; charset=utf-8', chunks: once(whole) }
    : { ...csv, chunks: once(whole) }
}

const WHOLE_FILES: ReadonlySet<string> = new Set([
  CODEBOOK_FILE,
  csvName(COUNTS_TABLE),
  csvName(RESULTS_TABLE),
  RESULTS_JSON_FILE,
])

/** The trail first; then whether the test part is open. */
async function begin(ctx: RequestContext, actor: StudyActor, file: string): Promise<ExportScope> {
  return ctx.open(actor, async (wall) => {
    const { stores } = wall
    const isBlinded = (await stores.unsealing.list(actor.studyId)).length === 0
    const scope = await exportScope(wall, actor, { isBlinded })
    const isTable = exportTables(scope.protocol, scope.kind).some((table) => csvName(table) === file)
    if (!isTable && !WHOLE_FILES.has(file)) throw new StudyError('NOT_FOUND')
    await stores.audit.write({
      action: 'export.downloaded',
      object: 'Export',
      objectId: file,
      new: { includesTest: !isBlinded },
    })
    return scope
  })
}

async function* tableChunks(
  ctx: RequestContext,
  actor: StudyActor,
  { table, scope }: { table: ExportTable; scope: ExportScope },
): AsyncGenerator<string> {
  yield BOM + csvLine(table.columns.map(({ name }) => name))
  const { studyId } = actor
  const load = (after: string | null) =>
    ctx.open(actor, async ({ stores }) => {
      const page = { studyId, after, take: PATIENTS_A_PAGE, includesTest: !scope.isBlinded }
      const patientCodes = await stores.exports.patientCodes(page)
      const rows = await table.rows(pageSource(stores, { studyId, patientCodes }, scope))
      return { last: patientCodes.at(-1) ?? null, rows }
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

async function wholeFile(wall: OpenWall, scope: ExportScope, file: string): Promise<string> {
  const { stores } = wall
  const { studyId, kind, protocol, protocolVersion } = scope
  if (file === CODEBOOK_FILE) {
    const tables = [...exportTables(protocol, kind), COUNTS_TABLE, RESULTS_TABLE]
    return codebookCsv({ protocol, protocolVersion, kind, tables })
  }
  if (file === csvName(COUNTS_TABLE)) {
    return asCsv(COUNTS_TABLE, countRows(await wall.asSystem((system) => system.exports.counts(studyId)), kind))
  }
  const [latest] = await stores.evaluation.list(studyId)
  const evaluation = latest && (await stores.evaluation.find(latest.evaluationId))
  if (!evaluation) throw new StudyError('NOT_FOUND')
  if (file === RESULTS_JSON_FILE) return `${JSON.stringify(evaluation, null, 2)}\n`
  return asCsv(RESULTS_TABLE, resultRows(evaluation.results, evaluation.resultHash, kind))
}

function asCsv({ columns }: Table, rows: Iterable<TableRow>): string {
  return BOM + csvLine(columns.map(({ name }) => name)) + Array.from(rows, csvLine).join('')
}

async function* once(text: string): AsyncGenerator<string> {
  yield text
}
