import { Hash } from '@facetgrade/grading/hash'
import { z } from 'zod'
import { Proof } from '../people/people-input.ts'
import { router, studyProcedure } from '../procedure.ts'
import { previewSplit } from './preview-split.ts'
import { sealSplit } from './seal-split.ts'
import { showSplit } from './show-split.ts'
import { verifySplit } from './verify-split.ts'

export const splitRouter = router({
  /** A mutation: the first one draws the study's seed. */
  preview: studyProcedure({ roles: ['investigator'], input: {} }).mutation(({ ctx }) => previewSplit(ctx)),
  seal: studyProcedure({
    roles: ['investigator'],
    input: { rosterHash: Hash, protocolVersion: z.int().positive(), proof: Proof },
  }).mutation(({ ctx, input }) => sealSplit(ctx, input)),
  show: studyProcedure({ roles: ['investigator', 'statistician', 'modeller', 'monitor'], input: {} }).query(({ ctx }) =>
    showSplit(ctx),
  ),
  verify: studyProcedure({ roles: ['investigator', 'statistician', 'monitor'], input: {} }).query(({ ctx }) =>
    verifySplit(ctx),
  ),
})
