import { type ExamplesOf, naming } from '../example.ts'
import type { numberingRouter } from './numbering-router.ts'

export const numberingExamples: ExamplesOf<typeof numberingRouter> = {
  show: naming('patientId', 'patient'),
  confirm: naming('patientId', 'patient', {
    numbering: { lumbarVertebrae: 'five', isTransitional: false, confirmedOn: 'sagittal' },
    seenVersion: 1,
  }),
}
