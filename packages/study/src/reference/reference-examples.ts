import { type ExamplesOf, NOTHING } from '../example.ts'
import type { referenceRouter } from './reference-router.ts'

export const referenceExamples: ExamplesOf<typeof referenceRouter> = {
  preview: NOTHING,
  derive: NOTHING,
  versions: NOTHING,
}
