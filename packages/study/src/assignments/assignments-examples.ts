import { type ExamplesOf, NOTHING, naming } from '../example.ts'
import type { assignmentsRouter } from './assignments-router.ts'

export const assignmentsExamples: ExamplesOf<typeof assignmentsRouter> = {
  create: NOTHING,
  progress: NOTHING,
  mine: NOTHING,
  return: naming('assignmentId', 'assignment', { reason: 'image_quality' }),
  returned: NOTHING,
  reissue: naming('assignmentId', 'returned-case', { note: 'numbering mended' }),
}
