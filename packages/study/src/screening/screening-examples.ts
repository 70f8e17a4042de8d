import { type ExamplesOf, NOTHING, naming } from '../example.ts'
import type { screeningRouter } from './screening-router.ts'

const look = {
  answers: { I1: 'yes', I2: 'yes', I3: 'yes', E1: 'no', E2: 'no', E3: 'no', E4: 'no' },
  decision: 'eligible',
  note: null,
  protocolVersion: 1,
  seenLookId: null,
  proof: { method: 'pin', pin: '271828' },
}

export const screeningExamples: ExamplesOf<typeof screeningRouter> = {
  list: NOTHING,
  show: naming('patientId', 'patient'),
  firstLook: naming('patientId', 'patient', look),
  secondLook: naming('patientId', 'patient', look),
  flow: NOTHING,
}
