import { CriterionAnswer } from '@facetgrade/grading/eligibility'
import { z } from 'zod'
import { Proof } from '../people/people-input.ts'
import { router, studyProcedure } from '../procedure.ts'
import { showFlow } from './show-flow.ts'
import { listScreening, showScreening } from './show-screening.ts'
import { signLook } from './sign-look.ts'

const look = {
  patientId: z.uuid(),
  answers: z.record(z.string().regex(/^[IE][1-9][0-9]?$/), CriterionAnswer),
  decision: z.enum(['eligible', 'excluded']),
  note: z.string().trim().min(1).max(1000).nullable().default(null),
  protocolVersion: z.int().positive(),
  seenLookId: z.uuid().nullable(),
  proof: Proof,
}

export const screeningRouter = router({
  list: studyProcedure({
    roles: ['coordinator', 'investigator', 'monitor'],
    input: {
      after: z.uuid().optional(),
      limit: z.int().min(1).max(200).default(100),
      /** Only patients for whom somebody still has something to do. */
      open: z.boolean().default(false),
    },
  }).query(({ ctx, input }) => listScreening(ctx, input)),
  show: studyProcedure({
    roles: ['coordinator', 'investigator', 'monitor'],
    input: { patientId: z.uuid() },
  }).query(({ ctx, input }) => showScreening(ctx, input.patientId)),
  firstLook: studyProcedure({ roles: ['coordinator'], input: look }).mutation(({ ctx, input }) =>
    signLook(ctx, 'first', input),
  ),
  /** The investigator's sign-off, and the further look that settles a disagreement. */
  secondLook: studyProcedure({ roles: ['investigator'], input: look }).mutation(({ ctx, input }) =>
    signLook(ctx, 'second', input),
  ),
  flow: studyProcedure({
    roles: ['investigator', 'statistician', 'monitor', 'coordinator'],
    input: {},
  }).query(({ ctx }) => showFlow(ctx)),
})
