import { router, studyProcedure } from '../procedure.ts'
import { COUNTS_TABLE } from './counts-table.ts'
import { CODEBOOK_FILE, csvName, RESULTS_JSON_FILE } from './export-file.ts'
import { EXPORT_ROLES } from './export-roles.ts'
import { exportTables } from './export-tables.ts'
import { RESULTS_TABLE } from './results-table.ts'

export const exportsRouter = router({
  /** What there is to download, what is in it, and how much of each part: of a sealed test part the counts only. */
  list: studyProcedure({ roles: EXPORT_ROLES, input: {} }).query(async ({ ctx }) => {
    const { stores, actor } = ctx
    const { studyId } = actor
    const isTestOpen = (await stores.unsealing.list(studyId)).length > 0
    const hasResults = (await stores.evaluation.list(studyId)).length > 0
    const { protocol } = await stores.protocol.latest(studyId)
    const { kind } = await stores.studies.show(studyId)
    const tables = [...exportTables(protocol, kind), COUNTS_TABLE, ...(hasResults ? [RESULTS_TABLE] : [])]
    return {
      isTestOpen,
      counts: await ctx.asSystem((system) => system.exports.counts(studyId)),
      files: [
        ...tables.map((table) => ({
          file: csvName(table),
          label: table.label,
          columns: table.columns.map(({ name }) => name),
        })),
        {
          file: CODEBOOK_FILE,
          label: {
            en: 'Codebook: every variable, code, label and missing code',
            zh: '码表：全部变量、编码、标签与缺失码',
          },
          columns: [],
        },
        ...(hasResults ? [{ file: RESULTS_JSON_FILE, label: RESULTS_TABLE.label, columns: [] }] : []),
      ],
    }
  }),
})
