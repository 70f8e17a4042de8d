import { BundleManifest } from '@facetgrade/bundle/manifest'
import { z } from 'zod'
import { router, studyProcedure } from '../procedure.ts'
import { StudyError } from '../study-error.ts'
import type { BundleRow } from './bundle-store.ts'
import { COUNTS_TABLE } from './counts-table.ts'
import { CODEBOOK_FILE, csvName, RESULTS_JSON_FILE } from './export-file.ts'
import { EXPORT_ROLES } from './export-roles.ts'
import { exportTables } from './export-tables.ts'
import { requestBundle } from './request-bundle.ts'
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
  /** Every bundle that was asked for, newest first. */
  bundles: studyProcedure({
    roles: EXPORT_ROLES,
    input: { before: z.int().positive().optional(), limit: z.int().min(1).max(200).default(20) },
  }).query(async ({ ctx, input: { before, limit } }) => {
    const rows = await ctx.stores.bundles.list(ctx.actor.studyId, { before, limit: limit + 1 })
    const shown = rows.slice(0, limit).map(summary)
    return { rows: shown, next: rows.length > limit ? (shown.at(-1)?.ordinal ?? null) : null }
  }),
  /** One of them with its manifest: how far it is, and what is in it. */
  bundle: studyProcedure({ roles: EXPORT_ROLES, input: { bundleId: z.uuid() } }).query(async ({ ctx, input }) => {
    const bundle = await ctx.stores.bundles.find(input.bundleId)
    if (!bundle) throw new StudyError('NOT_FOUND')
    return { ...summary(bundle), manifest: bundle.manifest === null ? null : BundleManifest.parse(bundle.manifest) }
  }),
  createBundle: studyProcedure({ roles: EXPORT_ROLES, input: { isBlinded: z.boolean() } }).mutation(
    async ({ ctx, input }) => summary(await requestBundle(ctx, input)),
  ),
})

/** What the screens and the command line may know of a bundle: not who, by account. */
function summary({ bundleId, ordinal, isBlinded, requestedAt, state, ...row }: BundleRow) {
  const { donePatients, allPatients, failureCode, contentHash, bytes, finishedAt } = row
  const progress = { donePatients, allPatients }
  return { bundleId, ordinal, isBlinded, requestedAt, state, ...progress, failureCode, contentHash, bytes, finishedAt }
}
