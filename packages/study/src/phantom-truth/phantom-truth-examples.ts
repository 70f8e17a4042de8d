import { type ExamplesOf, NOTHING } from '../example.ts'
import type { phantomTruthRouter } from './phantom-truth-router.ts'

const cells = [{ level: 'L4L5', side: 'left', feature: 'cyst', grade: 1, visible: true, cnr: 3.2 }]
const truth = [{ row: 2, patientCode: 'P0123456789', modality: 'ct', cells }]

export const phantomTruthExamples: ExamplesOf<typeof phantomTruthRouter> = {
  preview: { input: { truth } },
  import: { input: { truth } },
  counts: NOTHING,
}
