import { type ExamplesOf, naming } from '../example.ts'
import type { casesRouter } from './cases-router.ts'

export const casesExamples: ExamplesOf<typeof casesRouter> = {
  show: naming('assignmentId', 'assignment'),
  open: naming('assignmentId', 'assignment'),
  imageShown: naming('assignmentId', 'assignment'),
}
