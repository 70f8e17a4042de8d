import { type ExamplesOf, NOTHING } from '../example.ts'
import type { exportsRouter } from './exports-router.ts'

export const exportsExamples: ExamplesOf<typeof exportsRouter> = { list: NOTHING }
