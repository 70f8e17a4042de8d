import { type ExamplesOf, NOTHING, naming } from '../example.ts'
import type { evaluationRouter } from './evaluation-router.ts'

export const evaluationExamples: ExamplesOf<typeof evaluationRouter> = {
  state: NOTHING,
  run: naming('planId', 'plan'),
  list: NOTHING,
  show: naming('evaluationId', 'evaluation'),
}
