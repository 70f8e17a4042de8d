import { type ExamplesOf, NOTHING, naming, SOME_ID } from '../example.ts'
import type { adjudicationRouter } from './adjudication-router.ts'

export const adjudicationExamples: ExamplesOf<typeof adjudicationRouter> = {
  rooms: NOTHING,
  open: naming('roomId', 'room'),
  decide: naming('itemId', 'item', { decisionId: SOME_ID, value: { kind: 'graded', grade: 1 } }),
  decideAll: naming('roomId', 'room', {
    decisions: [{ itemId: SOME_ID, decisionId: SOME_ID, value: { kind: 'graded', grade: 1 } }],
  }),
  confirm: naming('roomId', 'room', { decisionsHash: '0'.repeat(64), proof: { method: 'pin', pin: '271828' } }),
}
