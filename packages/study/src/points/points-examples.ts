import { type ExamplesOf, NOTHING, naming } from '../example.ts'
import type { pointsRouter } from './points-router.ts'

const points = [{ level: 'L4L5', side: 'left', kind: 'lps', mm: [20, 30, -40], frameOfReference: '2.25.1' }]
const exams = [{ exam: 1, patientCode: 'P0123456789', modality: 'ct', studyInstanceUid: '2.25.2', points }]

export const pointsExamples: ExamplesOf<typeof pointsRouter> = {
  preview: { input: { exams } },
  import: { input: { exams } },
  publish: naming('examId', 'exam', { points, seenVersion: 0 }),
  list: NOTHING,
  show: naming('examId', 'exam'),
}
