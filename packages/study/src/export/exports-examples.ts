import { type ExamplesOf, NOTHING, naming } from '../example.ts'
import type { exportsRouter } from './exports-router.ts'

export const exportsExamples: ExamplesOf<typeof exportsRouter> = {
  list: NOTHING,
  bundles: NOTHING,
  bundle: naming('bundleId', 'bundle'),
  createBundle: { input: { isBlinded: true } },
}
