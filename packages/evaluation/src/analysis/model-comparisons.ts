import type { AnalysisPlan } from '../analysis-plan.ts'
import { differenceOfEstimators } from '../cluster/clustered-difference.ts'
import { normalQuantile, normalTwoSided } from '../distribution/normal.ts'
import { studentTwoSided } from '../distribution/student-t.ts'
import type { EvaluationRow, Score } from '../evaluation-row.ts'
import { type Inference, undefinedEstimate, waldT } from '../inference.ts'
import { entryOf, type SquareMatrix } from '../matrix.ts'
import { Metric } from '../metric.ts'
import type { Contrast } from '../mrmc/contrast.ts'
import { modelVersusPanel } from '../mrmc/model-versus-panel.ts'
import type { Reason } from '../reason.ts'
import { domainOf, type JointEstimates, jointEstimates, type Rater, type Undefined } from './joint-estimates.ts'
import { answersFor, type Judged } from './judged.ts'
import { clustersAt, unitsGraded } from './pair.ts'
import type { Question } from './question.ts'
import { resultOf, rowOf } from './row.ts'

type Tested = Inference & { readonly p: number | null }

/** Relative size below which a variance of a difference is rounding residue of 0. */
const RESIDUE = 1e-14

/**
 * The model less one reader, or less a consensus, on the joints that both and the reference have graded. Binary metrics of the
 * model are those of its calls at the frozen operating point; AUC and agreement compare grades with grades.
 *
 * @see methods 2.3 (d_i), 2.5, 4
 */
export function modelVersusReader(
  question: Question,
  model: Judged,
  of: { reader: Judged; plan: AnalysisPlan },
): EvaluationRow[] {
  const { reader, plan } = of
  return Metric.options.flatMap((metric) => {
    const by = raterOf(model, metric)
    if (by === 'no_operating_point') return []
    const raters = [by, { answers: reader.grades, isCall: false }]
    const units = unitsGraded(
      question,
      raters.map(({ answers }) => answers),
    )
    const inference = pairedDifference(question, metric, { raters, units, plan })
    return [
      rowOf(
        question,
        {
          analysis: 'model_vs_reader',
          comparator: model.comparator.code,
          against: reader.comparator.code,
          metric,
          score: by.score,
          cutGrade: cutOf(question, metric),
        },
        resultOf(inference, { method: differenceMethod(metric, plan), level: plan.interval.level }),
      ),
    ]
  })
}

/**
 * The model less the mean of a panel of readers on the joints that all have graded. Fixed readers first: the interval speaks
 * for these readers. Then random readers, with Hillis' degrees of freedom, where there are two or more.
 *
 * @see methods 2.6 (1T-RRRC), Hillis 2007 s5.3
 */
export function modelVersusPanelRows(
  question: Question,
  model: Judged,
  of: { readers: readonly Judged[]; panel: string; plan: AnalysisPlan },
): EvaluationRow[] {
  const { readers, panel, plan } = of
  return Metric.options.flatMap((metric) => {
    const by = raterOf(model, metric)
    if (by === 'no_operating_point') return []
    const raters = [by, ...readers.map(({ grades }) => ({ answers: grades, isCall: false }))]
    const units = unitsGraded(
      question,
      raters.map(({ answers }) => answers),
    )
    const estimates = jointEstimates(question, metric, { raters, units, plan })
    return (['fixed_readers', 'random_readers'] as const).map((target) => {
      const inference = panelDifference(estimates, target, plan.interval.level)
      const method = `${metric.replaceAll('_', '-')}-difference/obuchowski-rockette-${target.replace('_', '-')}`
      return rowOf(
        question,
        {
          analysis: 'model_vs_panel',
          comparator: model.comparator.code,
          against: panel,
          metric,
          score: by.score,
          cutGrade: cutOf(question, metric),
        },
        resultOf(inference, { method, level: plan.interval.level, target }),
      )
    })
  })
}

function raterOf(judged: Judged, metric: Metric): (Rater & { score: Score }) | 'no_operating_point' {
  return answersFor(judged, metric)
}

export function cutOf(question: Question, metric: Metric): number | null {
  return metric === 'weighted_kappa' || metric === 'gwet_ac2' || metric === 'exact_agreement' ? null : question.raterCut
}

export function differenceMethod(metric: Metric, plan: AnalysisPlan): string {
  const name = `${metric.replaceAll('_', '-')}-difference`
  if (metric !== 'auc') return `${name}/linearised-t`
  return plan.interval.auc === 'obuchowski_z' ? `${name}/obuchowski-z` : `${name}/obuchowski-t`
}

/** First rater less second on the same joints. */
export function pairedDifference(
  question: Question,
  metric: Metric,
  of: { readonly raters: readonly Rater[]; readonly units: Int32Array; readonly plan: AnalysisPlan },
): Tested {
  const estimates = jointEstimates(question, metric, of)
  if ('reason' in estimates) return { ...undefinedEstimate(estimates.reason, estimates), p: null }
  const { level, auc } = of.plan.interval
  if (estimates.influence === null) return aucDifference(estimates, { level, isNormal: auc === 'obuchowski_z' })
  const [first, second] = estimates.influence
  const [a, b] = estimates.theta
  if (!first || !second || a === undefined || b === undefined) throw new RangeError('pairedDifference: two raters')
  const domain = domainOf(question, metric, of.units)
  return differenceOfEstimators(
    { estimate: a, influence: first },
    { estimate: b, influence: second },
    { clusters: clustersAt(question, domain), level },
  )
}

function aucDifference(
  { theta, covariance, n, clusters }: JointEstimates,
  { level, isNormal }: { level: number; isNormal: boolean },
): Tested {
  const estimate = (theta[0] as number) - (theta[1] as number)
  const variance = differenceVariance(covariance)
  const inference = waldT({ estimate, variance, n, clusters, level, range: [-1, 1] })
  const { se, df } = inference
  if (se === null || se === 0 || df === null) return { ...inference, p: null }
  if (!isNormal) return { ...inference, p: studentTwoSided(estimate / se, df) }
  const half = normalQuantile((1 + level) / 2) * se
  const ci = { lower: estimate - half, upper: estimate + half }
  return { ...inference, ci, df: null, p: normalTwoSided(estimate / se) }
}

function differenceVariance(covariance: SquareMatrix): number {
  const [a, b] = [entryOf(covariance, 0, 0), entryOf(covariance, 1, 1)]
  const variance = a + b - 2 * entryOf(covariance, 0, 1)
  return Math.abs(variance) <= RESIDUE * (a + b) ? 0 : variance
}

/** `modelVersusPanel` gives readers less model: what is reported is the model less its readers. */
function panelDifference(
  estimates: JointEstimates | Undefined,
  target: 'fixed_readers' | 'random_readers',
  level: number,
): Tested {
  if ('reason' in estimates) return { ...undefinedEstimate(estimates.reason, estimates), p: null }
  const { theta, covariance, n, clusters } = estimates
  const [model, ...readers] = theta
  if (model === undefined) throw new RangeError('panelDifference: no model')
  const panel = modelVersusPanel({ model, readers }, covariance, level)
  const contrast = target === 'fixed_readers' ? panel.fixedReaders : panel.randomReaders
  const base = { estimate: -panel.difference, n, clusters, flags: clusters < 20 ? (['few_clusters'] as const) : [] }
  const scale = Array.from({ length: covariance.size }, (_, i) => entryOf(covariance, i, i)).reduce((a, b) => a + b, 0)
  if (contrast === null || contrast.se ** 2 <= RESIDUE * scale || contrast.ci === null) {
    const reason: Reason = target === 'random_readers' && readers.length < 2 ? 'too_few_readers' : 'zero_variance'
    return { ...base, se: null, ci: null, df: null, p: null, reason }
  }
  return { ...base, ...turned(contrast), reason: null }
}

function turned({ se, df, p, ci }: Contrast): Pick<Tested, 'se' | 'df' | 'p' | 'ci'> {
  return {
    se,
    df: df !== null && Number.isFinite(df) ? df : null,
    p,
    ci: ci && { lower: -ci.upper, upper: -ci.lower },
  }
}
