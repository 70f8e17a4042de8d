import { type RatingMatrix, ratingMatrix } from '../agreement/rating-matrix.ts'
import type { AnalysisPlan } from '../analysis-plan.ts'
import { clusteredRatio } from '../cluster/clustered-ratio.ts'
import type { EvaluationComparator } from '../evaluation-document.ts'
import type { EvaluationRow, RowKey } from '../evaluation-row.ts'
import { agreementDifference, pairAgreement, type TwoRaters } from './agreement.ts'
import { bootstrapResult } from './bootstrap-rows.ts'
import { clustersAt } from './pair.ts'
import type { Pending } from './pending.ts'
import type { Question } from './question.ts'
import { resultOf, rowOf } from './row.ts'

type Out = { rows: EvaluationRow[]; pending: Pending[] }
type Of = {
  readonly comparators: readonly EvaluationComparator[]
  readonly plan: AnalysisPlan
  /** The group that sets the reference. */
  readonly referenceGroup: string
}

/**
 * How well raters agree with each other, without a reference: every pair of readers of the first round, each group and all
 * readers together, a reader with himself, the reference readers before their consensus, and one group against another.
 *
 * @see methods 2.8, 4 (inter- and intra-reader)
 */
export function agreementRows(question: Question, of: Of): Out {
  const readers = of.comparators.filter(({ kind }) => kind === 'reader' || kind === 'reference_reader')
  const out: Out = { rows: [], pending: [] }
  for (const raters of pairsOf(readers)) {
    const own = { analysis: 'agreement_pair', comparator: `${raters.first}+${raters.second}`, against: null } as const
    out.rows.push(...everywhere(question, raters, { own, plan: of.plan }))
  }
  const groups = Map.groupBy(readers, ({ group }) => group ?? '')
  for (const [group, members] of groups) together(question, members, { panel: `panel:${group}`, plan: of.plan, out })
  if (groups.size > 1) together(question, readers, { panel: 'panel:all', plan: of.plan, out })
  out.rows.push(...intraReader(question, of))
  const reference = groups.get(of.referenceGroup) ?? []
  out.rows.push(...beforeConsensus(question, reference, of.plan))
  for (const [group, members] of groups) {
    const [one, two] = [pairsOf(members)[0], pairsOf(reference)[0]]
    if (group === of.referenceGroup || members.length !== 2 || reference.length !== 2 || !one || !two) continue
    out.rows.push(...agreementDifference(question, [one, two], of.plan))
  }
  return out
}

function pairsOf(readers: readonly EvaluationComparator[]): TwoRaters[] {
  return readers.flatMap((first, i) =>
    readers.slice(i + 1).map((second) => ({ first: first.code, second: second.code })),
  )
}

type Own = Pick<RowKey, 'analysis' | 'comparator' | 'against'>

/** Overall, then by level and by joint where the plan says so. */
function everywhere(question: Question, raters: TwoRaters, of: { own: Own; plan: AnalysisPlan }): EvaluationRow[] {
  const rows = pairAgreement(question, raters, of)
  for (const by of of.plan.agreement.by) {
    for (const [value, units] of unitsBy(question, by)) {
      const own = { ...of.own, subgroup: { by, value } }
      rows.push(...pairAgreement(question, raters, { own, plan: of.plan, isKept: (unit) => units.has(unit) }))
    }
  }
  return rows
}

export function unitsBy({ cells }: Question, by: 'level' | 'side' | 'joint'): Map<string, Set<number>> {
  const groups = new Map<string, Set<number>>()
  cells.forEach(({ level, side }, i) => {
    const value = by === 'joint' ? `${level}-${side}` : by === 'level' ? level : side
    const units = groups.get(value) ?? new Set()
    groups.set(value, units.add(i))
  })
  return new Map([...groups].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

type Panel = { panel: string; plan: AnalysisPlan; out: Out }

function together(question: Question, readers: readonly EvaluationComparator[], { panel, plan, out }: Panel): void {
  if (readers.length < 2) return
  const metrics = ['conger_kappa', 'gwet_ac2', 'krippendorff_alpha'] as const
  const answers = readers.map(({ code }) => question.answers.get(code) ?? new Int8Array())
  const subsets: { subgroup: RowKey['subgroup']; isKept: (unit: number) => boolean }[] = [
    { subgroup: null, isKept: () => true },
  ]
  if (plan.agreement.by.includes('level')) {
    for (const [value, units] of unitsBy(question, 'level')) {
      subsets.push({ subgroup: { by: 'level', value }, isKept: (unit) => units.has(unit) })
    }
  }
  for (const { subgroup, isKept } of subsets) {
    // Conger's margins and AC2's shares take every rated joint; agreement itself those with two ratings or more.
    const units = Int32Array.from(question.reference.keys()).filter(
      (i) => isKept(i) && answers.some((one) => (one[i] as number) >= 0),
    )
    const ratings = matrixOf(question, answers, units)
    if (ratings === null) continue
    out.pending.push({
      spec: {
        kind: 'ratings',
        ratings,
        scheme: plan.kappaWeights,
        of: Int32Array.from(units, (i) => question.patient[i] as number),
      },
      n: units.length,
      clusters: clustersAt(question, units).count,
      rows: metrics.map(
        (metric) => (inference) =>
          rowOf(
            question,
            {
              analysis: 'agreement_group',
              comparator: panel,
              against: null,
              referenceModality: null,
              metric,
              score: 'grades',
              subgroup,
            },
            bootstrapResult(metric, inference, { plan }),
          ),
      ),
    })
  }
}

function matrixOf(question: Question, answers: readonly Int8Array[], units: Int32Array): RatingMatrix | null {
  if (units.length === 0) return null
  const rows = Array.from(units, (i) => answers.map((one) => ((one[i] as number) >= 0 ? (one[i] as number) : null)))
  return ratingMatrix(rows, question.raterScale)
}

function intraReader(question: Question, { comparators, plan }: Of): EvaluationRow[] {
  return comparators.flatMap(({ kind, code, round }) => {
    const [reader] = code.split('~')
    if (kind !== 'repeat_reader' || reader === undefined || !question.answers.has(reader)) return []
    const own = { analysis: 'agreement_intra', comparator: reader, against: round } as const
    return everywhere(question, { first: reader, second: code }, { own, plan })
  })
}

function beforeConsensus(
  question: Question,
  readers: readonly EvaluationComparator[],
  plan: AnalysisPlan,
): EvaluationRow[] {
  const rows = pairsOf(readers).flatMap((raters) =>
    pairAgreement(question, raters, {
      own: { analysis: 'agreement_before_consensus', comparator: `${raters.first}+${raters.second}`, against: null },
      plan,
    }),
  )
  const settled = Int32Array.from(question.reference.keys()).filter(
    (i) => question.cells[i]?.isAdjudicated !== undefined,
  )
  if (settled.length === 0 || readers.length < 2) return rows
  const { level, proportions } = plan.interval
  const inference = clusteredRatio({
    numerator: Uint8Array.from(settled, (i) => (question.cells[i]?.isAdjudicated === true ? 1 : 0)),
    denominator: new Uint8Array(settled.length).fill(1),
    clusters: clustersAt(question, settled),
    level,
    domain: 'all',
    scale: proportions === 'linearised_t' ? 'identity' : 'logit',
  })
  rows.push(
    rowOf(
      question,
      {
        analysis: 'agreement_before_consensus',
        comparator: readers.map(({ code }) => code).join('+'),
        against: null,
        referenceModality: null,
        metric: 'adjudicated_share',
        score: 'grades',
      },
      resultOf(inference, { method: `adjudicated-share/${proportions.replaceAll('_', '-')}`, level }),
    ),
  )
  return rows
}
