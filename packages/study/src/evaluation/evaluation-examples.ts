import { type ExamplesOf, NOTHING, naming } from '../example.ts'
import type { evaluationRouter } from './evaluation-router.ts'

export const evaluationExamples: ExamplesOf<typeof evaluationRouter> = {
  state: NOTHING,
  run: naming('planId', 'plan'),
  dryRun: naming('planId', 'plan'),
  follow: naming('runId', 'evaluation-run'),
  cancel: naming('runId', 'evaluation-run'),
  list: NOTHING,
  show: naming('evaluationId', 'evaluation'),
  dryRuns: NOTHING,
  showDryRun: naming('dryRunId', 'dry-run'),
}
