import type { ModelGrades, ProposedPoints } from '@facetgrade/grading/model-answer'
import type { RunFailure } from '@facetgrade/grading/model-problem'
import type { Stores } from '../stores.ts'
import type { ExamTask } from './exam-task.ts'
import type { NewRecord } from './prediction-store.ts'

/** Who computed it and how long it took. */
export type ComputedBy = Pick<NewRecord, 'executionProvider' | 'versions' | 'elapsedMs'>

/** Writes a grader's answer once, and settles the exam: who comes second finds it written and writes nothing. */
export async function recordPredictions(
  stores: Stores,
  task: ExamTask,
  { grades, by }: { grades: ModelGrades; by: ComputedBy },
): Promise<void> {
  const { key, pointSetVersion } = task
  const isFirst = await stores.predictions.put(
    { ...key, ...by, pointSetVersion },
    grades.flatMap(({ level, side, features }) =>
      features.map(({ feature, output }) => ({ cell: { level, side, feature }, output })),
    ),
  )
  await stores.modelRuns.settle(key.runId, key.examId, { wasThere: !isFirst })
}

/** Writes a localiser's proposal once; it counts for nothing until a coordinator publishes it. */
export async function recordProposal(
  stores: Stores,
  task: ExamTask,
  { proposed, by }: { proposed: ProposedPoints; by: ComputedBy },
): Promise<void> {
  const { key } = task
  const isFirst = await stores.predictions.putProposal({ ...key, ...by }, proposed)
  await stores.modelRuns.settle(key.runId, key.examId, { wasThere: !isFirst })
}

/** An attempt failed; the queue tries again. */
export const noteFailure = (
  { modelRuns }: Stores,
  { runId, examId }: { runId: string; examId: string },
  failure: RunFailure,
): Promise<void> => modelRuns.noteFailure(runId, examId, failure)

/** The last attempt failed: a person decides whether to try again or to go without. */
export const failExam = ({ modelRuns }: Stores, { runId, examId }: { runId: string; examId: string }): Promise<void> =>
  modelRuns.fail(runId, examId)
