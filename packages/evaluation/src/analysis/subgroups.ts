import type { AnalysisPlan } from '../analysis-plan.ts'
import { clustersOf } from '../cluster/clusters.ts'
import { linearisedCovariance } from '../cluster/linearised-covariance.ts'
import type { EvaluationProtocol } from '../comparator.ts'
import { fUpper } from '../distribution/f-ratio.ts'
import type { EvaluationRow, SubgroupVariable } from '../evaluation-row.ts'
import { beyondRounding, type Inference, undefinedEstimate } from '../inference.ts'
import type { Metric } from '../metric.ts'
import { solveLinear } from '../solve-linear.ts'
import { unitsBy } from './agreement-rows.ts'
import { domainOf, jointEstimates } from './joint-estimates.ts'
import { answersFor, type Judged } from './judged.ts'
import { cutOf } from './model-comparisons.ts'
import { unitsGraded } from './pair.ts'
import { performance } from './performance.ts'
import type { Question } from './question.ts'
import { resultOf, rowOf } from './row.ts'

/** What subgroups are made of; null where it is not known. */
export type PatientFacts = {
  readonly patientCode: string
  readonly sex: string | null
  readonly ageYears: number | null
  readonly site: string | null
  /** By modality, of the exam that was read. */
  readonly exams: Readonly<
    Record<string, { readonly scanner: string | null; readonly sliceThicknessMm: number | null }>
  >
}

type Of = {
  readonly plan: AnalysisPlan
  readonly metrics: readonly Metric[]
  /** In the order of the evaluation's patients. */
  readonly facts: readonly PatientFacts[]
}

/** Metrics that are shown by subgroup: the protocol's primary endpoints, and kappa beside them. */
export function subgroupMetrics(protocol: EvaluationProtocol): Metric[] {
  return [...new Set<Metric>([...protocol.endpoints.primary, 'weighted_kappa'])]
}

/**
 * Performance by subgroup of patients, exams or joints, as the plan names them. A subgroup of fewer units than the plan's
 * limit is suppressed; of each variable follows whether its subgroups differ.
 */
export function subgroupRows(question: Question, judged: Judged, of: Of): EvaluationRow[] {
  return of.plan.subgroups.flatMap((variable) => {
    const groups = groupsOf(question, variable, of.facts)
    if (groups.size === 0) return []
    const rows = [...groups].flatMap(([value, units]) =>
      performance(question, judged, of.plan, {
        analysis: 'subgroup',
        subgroup: { by: variable.by, value },
        isKept: (unit) => units.has(unit),
        metrics: of.metrics,
      }).map((row) => suppressed(row, of.plan)),
    )
    const differing = of.metrics.flatMap((metric) =>
      interaction(question, judged, { ...of, by: variable.by, metric, groups }),
    )
    return [...rows, ...differing]
  })
}

function suppressed(row: EvaluationRow, { suppressBelow }: AnalysisPlan): EvaluationRow {
  const { result } = row
  if (result.n >= suppressBelow || result.n === 0) return row
  const hidden = { estimate: null, se: null, ci: null, df: null, bound: null, flags: [] }
  return { ...row, result: { ...result, ...hidden, reason: 'suppressed' } }
}

type Variable = AnalysisPlan['subgroups'][number]

function groupsOf(question: Question, variable: Variable, facts: readonly PatientFacts[]): Map<string, Set<number>> {
  if (variable.by === 'level' || variable.by === 'side') return unitsBy(question, variable.by)
  const groups = new Map<string, Set<number>>()
  question.patient.forEach((patient, unit) => {
    const value = valueOf(facts[patient], question.modality, variable)
    if (value === null) return
    groups.set(value, (groups.get(value) ?? new Set()).add(unit))
  })
  return new Map([...groups].toSorted(([a], [b]) => a.localeCompare(b, 'en', { numeric: true })))
}

function valueOf(facts: PatientFacts | undefined, modality: string, variable: Variable): string | null {
  switch (variable.by) {
    case 'sex':
      return facts?.sex ?? null
    case 'site':
      return facts?.site ?? null
    case 'scanner':
      return facts?.exams[modality]?.scanner ?? null
    case 'age':
      return band(facts?.ageYears ?? null, variable.from, 1)
    case 'slice_thickness_mm':
      return band(facts?.exams[modality]?.sliceThicknessMm ?? null, variable.from, 0)
    case 'level':
    case 'side':
      return null
  }
}

/** `<50`, `50-64`, `>=65` for whole years; `<1.5`, `1.5-<3`, `>=5` where `step` is 0. */
function band(value: number | null, from: readonly number[], step: number): string | null {
  if (value === null) return null
  const edges = from.toSorted((a, b) => a - b)
  const at = edges.findLastIndex((edge) => value >= edge)
  if (at === -1) return `<${edges[0]}`
  const next = edges[at + 1]
  if (next === undefined) return `>=${edges[at]}`
  return step === 1 ? `${edges[at]}-${next - 1}` : `${edges[at]}-<${next}`
}

type Interaction = Of & { by: SubgroupVariable; metric: Metric; groups: ReadonlyMap<string, ReadonlySet<number>> }

/**
 * Wald's F of equal values in all subgroups that are shown, with the clustered covariance of their estimates (patients have
 * joints in several levels and both sides): F on groups less one and patients less one degrees of freedom.
 */
function interaction(question: Question, judged: Judged, of: Interaction): EvaluationRow[] {
  const { plan, metric, by } = of
  const rater = answersFor(judged, metric)
  if (rater === 'no_operating_point' || metric === 'auc') return []
  const all = unitsGraded(question, [rater.answers])
  const place = new Map([...all].map((unit, i) => [unit, i]))
  const theta: number[] = []
  const influence: Float64Array[] = []
  for (const units of of.groups.values()) {
    const kept = all.filter((unit) => units.has(unit))
    if (kept.length < plan.suppressBelow) continue
    const one = jointEstimates(question, metric, { raters: [rater], units: kept, plan })
    const [own] = 'reason' in one || one.influence === null ? [] : one.influence
    if ('reason' in one || own === undefined) continue
    const whole = new Float64Array(all.length)
    const domain = domainOf(question, metric, kept)
    own.forEach((value, i) => {
      whole[place.get(domain[i] as number) as number] = value
    })
    theta.push(one.theta[0] as number)
    influence.push(whole)
  }
  if (theta.length < 2) return []
  const clusters = clustersOf(Array.from(all, (unit) => question.patient[unit] as number))
  const cov = influence.map((a) => influence.map((b) => linearisedCovariance(a, b, clusters) ?? 0))
  const inference = waldF(theta, cov, { n: all.length, clusters: clusters.count })
  const own = { comparator: judged.comparator.code, metric, score: rater.score, cutGrade: cutOf(question, metric) }
  return [
    rowOf(
      question,
      { analysis: 'interaction', ...own, subgroup: { by, value: null } },
      resultOf(inference, { method: `${metric.replaceAll('_', '-')}-subgroups/wald-f`, level: plan.interval.level }),
    ),
  ]
}

function waldF(
  theta: readonly number[],
  covariance: readonly (readonly number[])[],
  counted: { n: number; clusters: number },
): Inference & { p: number | null } {
  const [first] = theta
  const rest = theta.slice(1).map((one) => one - (first as number))
  const at = (i: number, j: number): number => covariance[i]?.[j] ?? 0
  const contrast = rest.map((_, i) => rest.map((__, j) => at(i + 1, j + 1) - at(i + 1, 0) - at(0, j + 1) + at(0, 0)))
  const isExact = contrast.some((row, i) => beyondRounding(row[i] as number, 0) === 0)
  const solved = isExact ? null : solveLinear(contrast, rest)
  if (solved === null || counted.clusters < 2) return { ...undefinedEstimate('zero_variance', counted), p: null }
  const f = rest.reduce((sum, one, i) => sum + one * (solved[i] as number), 0) / rest.length
  const df = counted.clusters - 1
  if (!Number.isFinite(f) || f < 0) return { ...undefinedEstimate('zero_variance', counted), p: null }
  return { estimate: f, se: null, ci: null, df, ...counted, flags: [], reason: null, p: fUpper(f, rest.length, df) }
}
