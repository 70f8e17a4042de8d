import { type ExamplesOf, NOTHING } from '../example.ts'
import type { studiesRouter } from './studies-router.ts'

export const studiesExamples: ExamplesOf<typeof studiesRouter> = {
  mine: NOTHING,
  create: { input: { code: 'a-new-study', title: 'A new study', kind: 'real' } },
  show: NOTHING,
}
