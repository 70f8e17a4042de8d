import { type ExamplesOf, NOTHING, naming } from '../example.ts'
import type { modelsRouter } from './models-router.ts'

export const modelsExamples: ExamplesOf<typeof modelsRouter> = {
  list: NOTHING,
  show: naming('modelId', 'model'),
  planRun: naming('modelId', 'model', { parts: ['train'] }),
  run: naming('modelId', 'model', { parts: ['validation'] }),
  proposePoints: naming('modelId', 'model'),
  runs: NOTHING,
  showRun: naming('runId', 'model-run'),
  cancelRun: naming('runId', 'model-run'),
  failures: naming('runId', 'model-run'),
  retry: naming('runId', 'model-run'),
  giveUp: naming('runId', 'model-run', { reason: 'the images are damaged' }),
}
