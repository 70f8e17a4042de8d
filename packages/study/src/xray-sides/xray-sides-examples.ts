import { type ExamplesOf, NOTHING, naming } from '../example.ts'
import type { xraySidesRouter } from './xray-sides-router.ts'

export const xraySidesExamples: ExamplesOf<typeof xraySidesRouter> = {
  list: NOTHING,
  confirm: naming('instanceId', 'instance', { side: { view: 'ap', patientRight: 'left-edge', shownJoints: null } }),
}
