import { z } from 'zod'
import { router, studyProcedure } from '../procedure.ts'
import { ConfirmedNumbering, confirmNumbering, showNumbering } from './level-numbering.ts'

export const numberingRouter = router({
  show: studyProcedure({
    roles: ['coordinator', 'investigator'],
    input: { patientId: z.uuid() },
  }).query(({ ctx, input }) => showNumbering(ctx, input.patientId)),
  confirm: studyProcedure({
    roles: ['coordinator'],
    input: {
      patientId: z.uuid(),
      numbering: ConfirmedNumbering,
      /** The version that the person saw; 0 when there was none. */
      seenVersion: z.int().nonnegative(),
    },
  }).mutation(({ ctx, input }) => confirmNumbering(ctx, input)),
})
