import { z } from 'zod'
import { router, studyProcedure } from '../procedure.ts'
import { ClinicalRow, confirmClinicalTable, previewClinicalTable } from './clinical-table.ts'
import { listPatients, showPatient } from './show-patients.ts'
import { WITHDRAWAL_CODES, withdrawPatient } from './withdraw-patient.ts'

const MAX_ROWS = 20_000
const rows = z.array(ClinicalRow).min(1).max(MAX_ROWS)
const Count = z.int().nonnegative()

export const patientsRouter = router({
  preview: studyProcedure({ roles: ['coordinator'], input: { rows } }).mutation(({ ctx, input }) =>
    previewClinicalTable(ctx, input.rows),
  ),
  confirm: studyProcedure({
    roles: ['coordinator'],
    input: { rows, expected: z.strictObject({ created: Count, changed: Count }) },
  }).mutation(({ ctx, input }) => confirmClinicalTable(ctx, input)),
  list: studyProcedure({
    roles: ['coordinator', 'investigator', 'monitor'],
    input: { after: z.uuid().optional(), limit: z.int().min(1).max(200).default(100) },
  }).query(({ ctx, input }) => listPatients(ctx.stores, { ...input, studyId: ctx.actor.studyId })),
  show: studyProcedure({
    roles: ['coordinator', 'investigator', 'monitor'],
    input: { patientId: z.uuid() },
  }).query(({ ctx, input }) => showPatient(ctx.stores, input.patientId)),
  withdraw: studyProcedure({
    roles: ['coordinator', 'investigator'],
    input: {
      patientId: z.uuid(),
      code: z.enum(WITHDRAWAL_CODES),
      reason: z.string().trim().min(3).max(500),
    },
  }).mutation(({ ctx, input }) => withdrawPatient(ctx, input)),
})
