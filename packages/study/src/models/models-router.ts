import { Part } from '@facetgrade/grading/part'
import { PatientCode } from '@facetgrade/grading/patient-code'
import { z } from 'zod'
import { router, studyProcedure } from '../procedure.ts'
import { cancelRun, giveUpFailed, listRuns, retryFailed, showRun, visibleRun } from './follow-run.ts'
import { orderPoints, orderPredictions, planPredictions } from './order-run.ts'
import { listModels, showModel } from './show-models.ts'

const ORDERERS = ['investigator', 'modeller'] as const
/** Who has something to do with a run that failed. */
const KEEPERS = ['investigator', 'modeller', 'coordinator'] as const
const OFFICE = ['investigator', 'statistician', 'modeller', 'coordinator', 'monitor'] as const

const one = { runId: z.uuid() }
const page = { after: z.uuid().optional(), limit: z.int().min(1).max(200).default(50) }
const predictionOrder = {
  modelId: z.uuid(),
  /** Of the study's patients; not looked at when one patient is named. */
  parts: z.array(Part).max(3).default([]),
  patientCode: PatientCode.optional(),
}

export const modelsRouter = router({
  list: studyProcedure({ roles: OFFICE, input: {} }).query(({ ctx }) => listModels(ctx)),
  show: studyProcedure({
    roles: ['investigator', 'statistician', 'modeller'],
    input: { modelId: z.uuid() },
  }).query(({ ctx, input }) => showModel(ctx, input.modelId)),
  /** What ordering predictions would take and leave out. */
  planRun: studyProcedure({ roles: ORDERERS, input: predictionOrder }).query(async ({ ctx, input }) => {
    const { plan, parts } = await planPredictions(ctx, input)
    return { ...plan, exams: plan.exams.length, parts: [...parts] }
  }),
  run: studyProcedure({ roles: ORDERERS, input: predictionOrder }).mutation(({ ctx, input }) =>
    orderPredictions(ctx, input),
  ),
  proposePoints: studyProcedure({
    roles: ['coordinator', 'investigator'],
    input: { modelId: z.uuid(), patientCode: PatientCode.optional() },
  }).mutation(({ ctx, input }) => orderPoints(ctx, input)),
  runs: studyProcedure({ roles: OFFICE, input: page }).query(({ ctx, input }) =>
    listRuns(ctx, { ...input, after: input.after }),
  ),
  showRun: studyProcedure({ roles: OFFICE, input: one }).query(({ ctx, input }) => showRun(ctx, input.runId)),
  cancelRun: studyProcedure({ roles: KEEPERS, input: one }).mutation(({ ctx, input }) => cancelRun(ctx, input.runId)),
  /** Exams that came to nothing after every attempt. */
  failures: studyProcedure({ roles: KEEPERS, input: { ...one, ...page } }).query(async ({ ctx, input }) => {
    await visibleRun(ctx, input.runId)
    const rows = await ctx.stores.modelRuns.failed(input.runId, { ...input, after: input.after })
    return { rows, next: rows.length === input.limit ? (rows.at(-1)?.examId ?? null) : null }
  }),
  retry: studyProcedure({ roles: KEEPERS, input: { ...one, examId: z.uuid().optional() } }).mutation(({ ctx, input }) =>
    retryFailed(ctx, input),
  ),
  giveUp: studyProcedure({
    roles: KEEPERS,
    input: { ...one, examId: z.uuid().optional(), reason: z.string().trim().min(10).max(2000) },
  }).mutation(({ ctx, input }) => giveUpFailed(ctx, input)),
})
