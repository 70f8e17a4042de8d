import { type ExamplesOf, NOTHING } from '../example.ts'
import type { splitRouter } from './split-router.ts'

export const splitExamples: ExamplesOf<typeof splitRouter> = {
  preview: NOTHING,
  seal: { input: { rosterHash: '0'.repeat(64), protocolVersion: 1, proof: { method: 'pin', pin: '271828' } } },
  show: NOTHING,
  verify: NOTHING,
}
