import { type ExamplesOf, NOTHING, naming } from '../example.ts'
import type { patientsRouter } from './patients-router.ts'

const rows = [{ row: 2, patientCode: 'P0123456789', sex: 'F', ageYears: 61, site: 'site-1', values: {} }]

export const patientsExamples: ExamplesOf<typeof patientsRouter> = {
  preview: { input: { rows } },
  confirm: { input: { rows, expected: { created: 1, changed: 0 } } },
  list: NOTHING,
  show: naming('patientId', 'patient'),
  withdraw: naming('patientId', 'patient', { code: 'consent_withdrawn', reason: 'asked to leave' }),
}
