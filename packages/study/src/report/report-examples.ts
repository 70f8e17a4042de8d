import { type ExamplesOf, naming } from '../example.ts'
import type { reportRouter } from './report-router.ts'

export const reportExamples: ExamplesOf<typeof reportRouter> = {
  failureImage: naming('evaluationId', 'evaluation', { item: 0 }),
}
