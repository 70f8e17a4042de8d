import type { Json } from '../audit/audit-store.ts'

export type EvaluationRunKind = 'evaluation' | 'dry_run'
export type EvaluationRunState = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled'

export type EvaluationRun = {
  readonly runId: string
  readonly kind: EvaluationRunKind
  readonly planId: string
  readonly state: EvaluationRunState
  /** Share of the resamples drawn, 0 to 1. */
  readonly progress: number
  /** A refusal's code, or UNEXPECTED. */
  readonly failure: string | null
  readonly evaluationId: string | null
  readonly dryRunId: string | null
  readonly requestedBy: string
  readonly requestedAt: string
  readonly finishedAt: string | null
}

export type DryRunSummary = {
  readonly dryRunId: string
  readonly planVersion: number
  readonly resultHash: string
  readonly createdBy: string
  readonly createdAt: string
}

export type EvaluationOutcome =
  | { readonly state: 'done'; readonly evaluationId: string }
  | { readonly state: 'done'; readonly dryRunId: string }
  | { readonly state: 'failed'; readonly failure: string }

export type EvaluationRunStore = {
  create(run: { studyId: string; kind: EvaluationRunKind; planId: string; requestedBy: string }): Promise<string>
  find(runId: string): Promise<EvaluationRun | undefined>
  /** False when it is over. */
  begin(runId: string): Promise<boolean>
  /** False when it was cancelled meanwhile, or is over. */
  note(runId: string, progress: number): Promise<boolean>
  /** False when it was cancelled meanwhile, or is over: then its results are not to be written. */
  finish(runId: string, outcome: EvaluationOutcome): Promise<boolean>
  /** False when it is over. */
  cancel(runId: string): Promise<boolean>
  addDryRun(run: {
    studyId: string
    planId: string
    results: Json
    resultHash: string
    createdBy: string
  }): Promise<string>
  dryRuns(studyId: string): Promise<readonly DryRunSummary[]>
  dryRun(dryRunId: string): Promise<(DryRunSummary & { readonly results: unknown }) | undefined>
  /** Thresholds of models chosen under a plan, as documents. */
  points(planId: string): Promise<readonly { readonly modelHash: string; readonly document: unknown }[]>
  /** Chosen once: one that is there already stays. */
  addPoints(
    of: { studyId: string; planId: string; modelHash: string; referenceId: string },
    points: readonly { readonly modality: string; readonly feature: string; readonly document: Json }[],
  ): Promise<void>
}
