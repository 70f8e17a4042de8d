import { z } from 'zod'
import { router, studyProcedure } from '../procedure.ts'
import { listPredictions, listProposals, showPredictions, showProposal } from './show-predictions.ts'

const SEERS = ['investigator', 'statistician', 'modeller'] as const
const page = { after: z.uuid().optional(), limit: z.int().min(1).max(200).default(50) }

export const predictionsRouter = router({
  list: studyProcedure({ roles: SEERS, input: { modelId: z.uuid(), ...page } }).query(({ ctx, input }) =>
    listPredictions(ctx, { ...input, after: input.after }),
  ),
  show: studyProcedure({ roles: SEERS, input: { recordId: z.uuid() } }).query(({ ctx, input }) =>
    showPredictions(ctx, input.recordId),
  ),
  proposals: studyProcedure({ roles: ['coordinator', 'investigator'], input: page }).query(({ ctx, input }) =>
    listProposals(ctx, { ...input, after: input.after }),
  ),
  proposal: studyProcedure({ roles: ['coordinator', 'investigator'], input: { proposalId: z.uuid() } }).query(
    ({ ctx, input }) => showProposal(ctx, input.proposalId),
  ),
})
