import { type EvaluationRow, type RowKey, rowId } from '../evaluation-row.ts'
import type { Inference } from '../inference.ts'
import type { MissingCells, Result } from '../result.ts'
import type { Question } from './question.ts'

export const NONE_MISSING: MissingCells = {
  raterNotAssessable: 0,
  raterNotGraded: 0,
  referenceNotAssessable: 0,
  referenceNotGraded: 0,
}

type Own = Pick<RowKey, 'analysis' | 'comparator' | 'metric'> & Partial<RowKey>

/** A row about a question; what is not said is null, the comparison against the reference. */
export function rowOf(
  question: Pick<Question, 'modality' | 'referenceModality' | 'feature'>,
  own: Own,
  result: Result,
): EvaluationRow {
  const key: RowKey = {
    against: 'reference',
    modality: question.modality,
    referenceModality: question.referenceModality,
    feature: question.feature,
    score: null,
    cutGrade: null,
    grade: null,
    subgroup: null,
    missingRule: null,
    hypothesis: null,
    ...own,
  }
  return { id: rowId(key, result.target), ...key, result }
}

/** An inference in the result contract. `p` and `target` only where a test was made. */
export function resultOf(
  inference: Inference & { readonly p?: number | null },
  of: { readonly method: string; readonly level: number } & Partial<
    Pick<Result, 'unit' | 'target' | 'missing' | 'flags' | 'bound' | 'seed' | 'bootstrap'>
  >,
): Result {
  const missing = of.missing ?? NONE_MISSING
  return {
    estimate: rounded(inference.estimate),
    se: rounded(inference.se),
    ci: inference.ci && { lower: digits(inference.ci.lower), upper: digits(inference.ci.upper) },
    level: of.level,
    method: of.method,
    unit: of.unit ?? 'joint',
    n: inference.n,
    clusters: inference.clusters,
    nMissing:
      missing.raterNotAssessable + missing.raterNotGraded + missing.referenceNotAssessable + missing.referenceNotGraded,
    missing,
    df: rounded(inference.df),
    target: of.target ?? 'fixed_readers',
    p: rounded(inference.p ?? null),
    pAdjusted: null,
    family: null,
    flags: [...new Set([...inference.flags, ...(of.flags ?? [])])],
    reason: inference.reason,
    bound: of.bound ? { ...of.bound, value: digits(of.bound.value) } : null,
    seed: of.seed ?? null,
    bootstrap: of.bootstrap ?? null,
  }
}

/** Twelve significant digits: enough for any check, and the same on every machine. */
export const digits = (value: number): number => Number(value.toPrecision(12))
const rounded = (value: number | null): number | null =>
  value === null || !Number.isFinite(value) ? null : digits(value)
