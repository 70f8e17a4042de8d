import type { RunFailure } from '@facetgrade/grading/model-problem'
import type { JobPayload } from '@facetgrade/jobs/catalog'
import { beginExam, ModelGoneError } from '@facetgrade/study/predictions/exam-task'
import { failExam, noteFailure, recordPredictions, recordProposal } from '@facetgrade/study/predictions/record-result'
import type { WorkerContext } from '../worker-context.ts'
import { InferenceFailure } from './inference-failure.ts'

/**
 * One exam through one model. May be killed anywhere: nothing is written before the answer is whole, and then once; a
 * second attempt, here or elsewhere, finds the results and stops.
 */
export async function inferExam(ctx: WorkerContext, place: JobPayload<'exam.infer'>): Promise<void> {
  const { studyId } = place
  try {
    const begun = await ctx.asSystemIn(studyId, ({ stores }) => beginExam(stores, place))
    if (begun.kind === 'over') return
    const { task } = begun
    const answer = await ctx.models.run(task)
    await ctx.asSystemIn(studyId, ({ stores }) =>
      answer.kind === 'graded'
        ? recordPredictions(stores, task, { grades: answer.grades, by: answer.by })
        : recordProposal(stores, task, { proposed: answer.proposed, by: answer.by }),
    )
  } catch (error) {
    await ctx.asSystemIn(studyId, ({ stores }) => noteFailure(stores, place, failureOf(error)))
    throw error
  }
}

/** After the last attempt: a person sees what failed and why, and tries again or goes without. */
export const giveUpExam = (ctx: WorkerContext, place: JobPayload<'exam.infer'>): Promise<void> =>
  ctx.asSystemIn(place.studyId, ({ stores }) => failExam(stores, place))

function failureOf(error: unknown): RunFailure {
  if (error instanceof InferenceFailure) return error.failure
  return error instanceof ModelGoneError ? 'MODEL_NOT_ALLOWED' : 'UNEXPECTED'
}
