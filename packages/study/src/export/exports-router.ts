import { router, studyProcedure } from '../procedure.ts'
import { CODEBOOK_FILE } from './codebook-csv.ts'
import { COUNT_COLUMNS, COUNTS_FILE, COUNTS_LABEL } from './counts-csv.ts'
import { EXPORT_ROLES } from './export-file.ts'
import { EXPORT_TABLES } from './export-tables.ts'
import { RESULT_COLUMNS, RESULTS_FILE, RESULTS_JSON_FILE, RESULTS_LABEL } from './results-csv.ts'

export const exportsRouter = router({
  /** What there is to download, what is in it, and how much of each part: of a sealed test part the counts only. */
  list: studyProcedure({ roles: EXPORT_ROLES, input: {} }).query(async ({ ctx }) => {
    const { studyId } = ctx.actor
    const isTestOpen = (await ctx.stores.unsealing.list(studyId)).length > 0
    const hasResults = (await ctx.stores.evaluation.list(studyId)).length > 0
    const columnsOf = (columns: readonly { name: string }[]) => columns.map(({ name }) => name)
    return {
      isTestOpen,
      counts: await ctx.asSystem((system) => system.exports.counts(studyId)),
      files: [
        ...EXPORT_TABLES.map(({ file, label, columns }) => ({ file, label, columns: columnsOf(columns) })),
        { file: COUNTS_FILE, label: COUNTS_LABEL, columns: columnsOf(COUNT_COLUMNS) },
        {
          file: CODEBOOK_FILE,
          label: {
            en: 'Codebook: every variable, code, label and missing code',
            zh: '码表：全部变量、编码、标签与缺失码',
          },
          columns: [],
        },
        ...(hasResults
          ? [
              { file: RESULTS_FILE, label: RESULTS_LABEL, columns: columnsOf(RESULT_COLUMNS) },
              { file: RESULTS_JSON_FILE, label: RESULTS_LABEL, columns: [] },
            ]
          : []),
      ],
    }
  }),
})
