import type { CellFeature } from '@facetgrade/grading/feature'
import type { Modality } from '@facetgrade/grading/modality'
import type { AnalysisPlan } from './analysis-plan.ts'
import type { Comparator, EvaluationCell, EvaluationProtocol } from './comparator.ts'
import { type ComparisonData, pairCells } from './comparison-data.ts'
import { comparisonResult } from './comparison-result.ts'
import { Metric } from './metric.ts'
import type { Result } from './result.ts'

export type FirstEvaluationInput = {
  readonly protocol: EvaluationProtocol
  readonly plan: AnalysisPlan
  readonly comparators: readonly Comparator[]
  /** Cells of the test part: one per patient, modality, level, side and feature. */
  readonly cells: readonly EvaluationCell[]
}

export type FirstEvaluationRow = {
  readonly comparator: string
  readonly kind: Comparator['kind']
  readonly modality: Modality
  /** Modality whose reference is the truth; another one only where the protocol names a target (X-ray against CT). */
  readonly referenceModality: Modality
  readonly feature: CellFeature
  readonly metric: Metric
  /** Truth and call are positive at grade >= cutGrade; null for metrics on all grades. */
  readonly cutGrade: number | null
  readonly result: Result
}

export type FirstEvaluationTable = {
  readonly comparator: string
  readonly modality: Modality
  readonly feature: CellFeature
  /** Joints by reference grade (down) and rater's grade (across), on the declared scales. */
  readonly confusion: readonly (readonly number[])[]
}

export type FirstEvaluation = {
  readonly rows: readonly FirstEvaluationRow[]
  readonly tables: readonly FirstEvaluationTable[]
}

/** Estimated on grades alone; the area under the curve of a reader comes with the full evaluation. */
const METRICS = Metric.exclude(['auc']).options

/**
 * Each compared reader and each compared group's consensus against the reference, per modality and feature, with
 * patient-clustered intervals: accuracy, precision, sensitivity, specificity and F1 at the protocol's cutGrade,
 * quadratic-weighted kappa, exact agreement and AC2 on the grades.
 *
 * @throws {RangeError} a comparator of a reference group or of no group, a code named twice, a cell that occurs twice,
 *   a grade off its scale, an asked feature without a cutGrade
 * @see methods 2.1, 2.3, 2.8
 */
export function firstEvaluation(input: FirstEvaluationInput): FirstEvaluation {
  assertComparators(input)
  const rows: FirstEvaluationRow[] = []
  const tables: FirstEvaluationTable[] = []
  for (const data of pairCells(input)) {
    for (const metric of METRICS) rows.push(row(data, metric, input.plan))
    const { comparator, modality, feature } = data
    tables.push({ comparator: comparator.code, modality, feature, confusion: confusion(data) })
  }
  return { rows, tables }
}

function row(data: ComparisonData, metric: (typeof METRICS)[number], plan: AnalysisPlan): FirstEvaluationRow {
  const { comparator, modality, referenceModality, feature } = data
  const onGrades = metric === 'weighted_kappa' || metric === 'exact_agreement' || metric === 'gwet_ac2'
  return {
    comparator: comparator.code,
    kind: comparator.kind,
    modality,
    referenceModality,
    feature,
    metric,
    cutGrade: onGrades ? null : data.raterCut,
    result: comparisonResult(data, metric, plan),
  }
}

function confusion(data: ComparisonData): number[][] {
  const table = Array.from({ length: data.referenceScale }, () => Array.from({ length: data.raterScale }, () => 0))
  for (let i = 0; i < data.truth.length; i++) {
    const cells = table[data.truth[i] as number] as number[]
    const grade = data.rated[i] as number
    cells[grade] = (cells[grade] as number) + 1
  }
  return table
}

function assertComparators({ protocol, comparators }: FirstEvaluationInput): void {
  const seen = new Set<string>()
  for (const { code, group } of comparators) {
    const rule = protocol.readerGroups.find((candidate) => candidate.name === group)
    if (rule === undefined) throw new RangeError(`comparator ${code}: the protocol has no group ${group}`)
    if (rule.role === 'reference')
      throw new RangeError(`comparator ${code}: ${group} sets the reference and is never compared with it`)
    if (seen.has(code)) throw new RangeError(`comparator ${code} is named twice`)
    seen.add(code)
    const prefixed = protocol.readerGroups.find(
      (candidate) => candidate.role === 'reference' && isReaderOf(code, candidate.codePrefix),
    )
    if (prefixed) throw new RangeError(`comparator ${code} is a reader of ${prefixed.name}, who set the reference`)
  }
}

function isReaderOf(code: string, prefix: string): boolean {
  return code.startsWith(prefix) && /^[1-9][0-9]?$/.test(code.slice(prefix.length))
}
