import { type ExamplesOf, NOTHING, naming } from '../example.ts'
import type { predictionsRouter } from './predictions-router.ts'

export const predictionsExamples: ExamplesOf<typeof predictionsRouter> = {
  list: naming('modelId', 'model'),
  show: naming('recordId', 'prediction-record'),
  proposals: NOTHING,
  proposal: naming('proposalId', 'point-proposal'),
}
