import { type ExamplesOf, NOTHING, naming, SOME_ID } from '../example.ts'
import type { readingsRouter } from './readings-router.ts'

const cell = { level: 'L4L5', side: 'left', feature: 'narrowing' }
const entry = { id: SOME_ID, cell, value: { kind: 'graded', grade: 1 }, how: 'entered', clientOffsetMs: 1 }
const head = { sequence: 1, hash: '0'.repeat(64) }

export const readingsExamples: ExamplesOf<typeof readingsRouter> = {
  append: naming('assignmentId', 'assignment', { knownSequence: 0, events: [entry] }),
  show: naming('assignmentId', 'assignment'),
  sign: naming('assignmentId', 'assignment', { head, language: 'en', proof: { method: 'pin', pin: '271828' } }),
  list: NOTHING,
  unlock: naming('readingId', 'reading', { reason: 'signed by mistake' }),
  verifyChains: NOTHING,
  verifyChain: naming('readingId', 'reading'),
  checkpoint: NOTHING,
}
