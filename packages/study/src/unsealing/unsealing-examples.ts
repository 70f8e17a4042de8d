import { type ExamplesOf, NOTHING, naming } from '../example.ts'
import type { unsealingRouter } from './unsealing-router.ts'

export const unsealingExamples: ExamplesOf<typeof unsealingRouter> = {
  list: NOTHING,
  create: naming('planId', 'plan', { reason: 'first evaluation as planned' }),
}
