import type { Modality } from '@facetgrade/grading/modality'
import type { RunFailure } from '@facetgrade/grading/model-problem'
import type { Part } from '@facetgrade/grading/part'

export type RunPurpose = 'predict' | 'propose_points'
export type RunScope = 'study' | 'case'

export const RUN_EXAM_STATES = ['waiting', 'running', 'done', 'failed', 'given_up', 'cancelled'] as const
export type RunExamState = (typeof RUN_EXAM_STATES)[number]

/** An exam that a run could take. */
export type RunCandidate = {
  readonly patientId: string
  readonly patientCode: string
  /** Null: not allocated yet. */
  readonly part: Part | null
  readonly hasNumbering: boolean
  readonly examId: string
  readonly modality: Modality
  readonly shiftedDate: string | null
  /** Has at least one image that may be graded. */
  readonly isComplete: boolean
  /** Readers were given this exam of the patient. */
  readonly isAssigned: boolean
  readonly hasPoints: boolean
}

export type NewRun = {
  readonly studyId: string
  readonly modelId: string
  readonly purpose: RunPurpose
  readonly scope: RunScope
  readonly parts: readonly Part[]
  readonly planId: string | null
  readonly requestedBy: string
  readonly exams: readonly { readonly examId: string; readonly patientId: string; readonly modality: Modality }[]
}

export type RunRow = {
  readonly runId: string
  readonly modelId: string
  readonly modelSlug: string
  readonly modelTitle: string
  readonly isSyntheticOnly: boolean
  readonly purpose: RunPurpose
  readonly scope: RunScope
  readonly parts: readonly Part[]
  readonly requestedBy: string
  readonly requestedByName: string
  readonly requestedAt: string
  readonly cancelledAt: string | null
}

export type RunCounts = Readonly<Record<RunExamState, number>> & {
  /** Of those done: found as an earlier run had written them. */
  readonly wasThere: number
  /** Done in the last two minutes of the run's life, and how long that was: null before the first began. */
  readonly recent: { readonly exams: number; readonly seconds: number } | null
  readonly startedAt: string | null
  readonly finishedAt: string | null
}

export type FailedExam = {
  readonly examId: string
  readonly patientCode: string
  readonly modality: Modality
  readonly failure: RunFailure
  readonly attempts: number
  readonly finishedAt: string | null
}

export type RunExam = {
  readonly runId: string
  readonly examId: string
  readonly patientId: string
  readonly modality: Modality
  readonly state: RunExamState
  readonly modelId: string
  readonly purpose: RunPurpose
  readonly isCancelled: boolean
}

export type ModelRunStore = {
  /** One row an exam of every patient who was not withdrawn, in the order of the patients' codes. */
  candidates(studyId: string): Promise<readonly RunCandidate[]>
  create(run: NewRun): Promise<string>
  list(
    studyId: string,
    page: { after: string | undefined; limit: number; purpose: RunPurpose | undefined },
  ): Promise<readonly RunRow[]>
  find(runId: string): Promise<RunRow | undefined>
  counts(runIds: readonly string[]): Promise<ReadonlyMap<string, RunCounts>>
  /** False when it was cancelled before. What waits is cancelled with it; what runs may finish. */
  cancel(runId: string, cancelledBy: string): Promise<boolean>
  failed(runId: string, page: { after: string | undefined; limit: number }): Promise<readonly FailedExam[]>
  /** Failed exams of a run that is not cancelled go back to waiting; the ids of those that did. */
  retry(runId: string, examId: string | undefined): Promise<readonly string[]>
  giveUp(runId: string, examId: string | undefined): Promise<number>
  /** Of the worker's job. */
  exam(runId: string, examId: string): Promise<RunExam | undefined>
  /** Counts an attempt. */
  begin(runId: string, examId: string): Promise<void>
  /** A retry is due: back to waiting, with what went wrong this time. */
  noteFailure(runId: string, examId: string, failure: RunFailure): Promise<void>
  settle(runId: string, examId: string, how: { wasThere: boolean }): Promise<void>
  /** The run was cancelled before this exam's turn. */
  drop(runId: string, examId: string): Promise<void>
  /** After the last attempt, with the failure that was noted, or that its worker was lost. */
  fail(runId: string, examId: string): Promise<void>
}
