import { type ExamplesOf, NOTHING, naming } from '../example.ts'
import type { planRouter } from './plan-router.ts'

export const planExamples: ExamplesOf<typeof planRouter> = {
  default: NOTHING,
  list: NOTHING,
  show: naming('planId', 'plan'),
  create: { input: { document: {} } },
  lock: naming('planId', 'plan'),
}
