import { Modality } from '@facetgrade/grading/modality'
import { PatientCode } from '@facetgrade/grading/patient-code'
import { z } from 'zod'
import { router, studyProcedure } from '../procedure.ts'
import { derive, previewReference } from './derive-reference.ts'

const CaseName = z.strictObject({ patientCode: PatientCode, modality: Modality })

export const referenceRouter = router({
  /** How many cases a derivation would take, and which it would leave out, with the reason. */
  preview: studyProcedure({ roles: ['investigator'], input: {} }).query(({ ctx }) => previewReference(ctx)),
  /** `leaveOut` must name exactly the cases that are not complete: a partial reference is said to be one. */
  derive: studyProcedure({
    roles: ['investigator'],
    input: { leaveOut: z.array(CaseName).max(20_000).default([]) },
  }).mutation(({ ctx, input }) => derive(ctx, input.leaveOut)),
  versions: studyProcedure({ roles: ['investigator', 'statistician'], input: {} }).query(({ ctx }) =>
    ctx.stores.reference.versions(ctx.actor.studyId),
  ),
})
