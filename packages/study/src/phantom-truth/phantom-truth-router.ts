import { z } from 'zod'
import { router, studyProcedure } from '../procedure.ts'
import { importTruth, KeyedTruth, previewTruth } from './import-truth.ts'

/** Bounds a call; the command line sends a cohort in such portions, after it previewed all of them. */
const MAX_GROUPS = 200
const truth = z.array(KeyedTruth).min(1).max(MAX_GROUPS)

export const phantomTruthRouter = router({
  preview: studyProcedure({ roles: ['coordinator'], input: { truth } }).mutation(({ ctx, input }) =>
    previewTruth(ctx, input.truth),
  ),
  import: studyProcedure({ roles: ['coordinator'], input: { truth } }).mutation(({ ctx, input }) =>
    importTruth(ctx, input.truth),
  ),
  /** How much there is of what the person may see. */
  counts: studyProcedure({ roles: ['investigator', 'statistician', 'modeller'], input: {} }).query(({ ctx }) =>
    ctx.stores.phantomTruth.counts(ctx.actor.studyId),
  ),
})
