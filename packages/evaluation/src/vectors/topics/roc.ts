import { brierScore } from '../../calibration/brier-score.ts'
import { quantileBins, type ReliabilityBin, reliabilityBins } from '../../calibration/reliability-bins.ts'
import { clustersOf } from '../../cluster/clusters.ts'
import { normalQuantile, normalTwoSided, normalUpper } from '../../distribution/normal.ts'
import { rowsOf } from '../../matrix.ts'
import { concordance } from '../../ordinal/concordance.ts'
import { clusteredAuc, clusteredAucCovariance } from '../../roc/clustered-auc.ts'
import { delongCovariance, pairedAucTest, unpairedAucTest } from '../../roc/delong.ts'
import { partialAuc } from '../../roc/partial-auc.ts'
import { averagePrecision, precisionRecallCurve } from '../../roc/precision-recall.ts'
import { type RocPoint, rocCurve, topLeftPoints, youdenPoints } from '../../roc/roc-curve.ts'
import { type StructuralComponents, structuralComponents } from '../../roc/structural-components.ts'
import { clipped, defined } from '../answers.ts'
import type { Json } from '../json.ts'
import { completeRows, type EntryContext, labelsOf, numbersOf, type Topic } from '../vector-input.ts'

type Input = EntryContext['input']

function parts(truth: readonly number[], scores: readonly number[]): StructuralComponents | null {
  return defined(structuralComponents(truth, scores))
}

function single(input: Input, score = 'x'): { truth: number[]; scores: number[]; parts: StructuralComponents | null } {
  const rows = completeRows(input, ['y', score])
  const [truth, scores] = [rows['y'] as number[], rows[score] as number[]]
  return { truth, scores, parts: parts(truth, scores) }
}

const aucOf =
  (key: string) =>
  ({ input }: EntryContext): Json =>
    single(input, key).parts?.auc ?? null

function delongVariance(one: StructuralComponents | null): number | null {
  const covariance = one === null ? null : delongCovariance([one])
  return covariance === null || typeof covariance === 'string' ? null : (covariance.at[0] as number)
}

/** `ci90_delong` asks for 90 %. The tool cuts the interval to [0, 1]. */
function delongInterval({ input, named }: EntryContext): Json {
  const one = single(input).parts
  if (one === null) return null
  const variance = delongVariance(one)
  if (variance === null) return { lower: null, auc: null, upper: null }
  const half = normalQuantile((1 + (named[0] ?? 95) / 100) / 2) * Math.sqrt(variance)
  return { lower: clipped(one.auc - half), auc: one.auc, upper: clipped(one.auc + half) }
}

function curve(input: Input): RocPoint[] | null {
  const { truth, scores } = single(input)
  return defined(rocCurve(truth, scores))
}

function frame(points: readonly RocPoint[] | null): Json {
  if (points === null) return null
  const column = (key: keyof RocPoint): number[] => points.map((one) => one[key])
  return {
    threshold: column('threshold'),
    specificity: column('specificity'),
    sensitivity: column('sensitivity'),
    tp: column('tp'),
    fp: column('fp'),
    tn: column('tn'),
    fn: column('fn'),
    youden: points.map((one) => one.sensitivity + one.specificity),
  }
}

const partial =
  (axis: 'specificity' | 'sensitivity', standardised: boolean) =>
  ({ input, named }: EntryContext): Json => {
    const points = curve(input)
    const from = named.at(-1)
    if (points === null || from === undefined) return null
    const area = partialAuc(points, axis, from)
    return standardised ? area.standardised : area.area
  }

function paired(input: Input): { aucs: [number, number]; covariance: ReturnType<typeof delongCovariance> } | null {
  const rows = completeRows(input, ['y', 'x1', 'x2'])
  const [one, two] = [parts(rows.y, rows.x1), parts(rows.y, rows.x2)]
  if (one === null || two === null) return null
  return { aucs: [one.auc, two.auc], covariance: delongCovariance([one, two]) }
}

function pairedTest({ input, entry }: EntryContext): Json {
  const both = paired(input)
  if (both === null || typeof both.covariance === 'string') return null
  const test = pairedAucTest(both.aucs, both.covariance, 0.95)
  if (typeof test === 'string') return null
  const p = entry.endsWith('greater')
    ? normalUpper(test.statistic)
    : entry.endsWith('less')
      ? normalUpper(-test.statistic)
      : test.p
  return { z: test.statistic, p, diff_lower: test.ci.lower, diff_upper: test.ci.upper }
}

export const rocTopic: Topic = {
  auc: aucOf('x'),
  auc1: aucOf('x1'),
  auc2: aucOf('x2'),
  var_delong: ({ input }) => delongVariance(single(input).parts),
  'ci*_delong': delongInterval,
  roc_points: ({ input }) => frame(curve(input)),
  youden: ({ input }) => {
    const points = curve(input)
    return frame(points && youdenPoints(points))
  },
  closest_topleft: ({ input }) => {
    const points = curve(input)
    return frame(points && topLeftPoints(points))
  },
  'pauc_spec_1_to_*_mcclish_corrected': partial('specificity', true),
  'pauc_sens_1_to_*_mcclish_corrected': partial('sensitivity', true),
  'pauc_spec_1_to_*': partial('specificity', false),
  'pauc_sens_1_to_*': partial('sensitivity', false),
  somersD_Hmisc: ({ input }) => {
    const { truth, scores } = single(input)
    return defined(concordance(truth, scores))?.somersD ?? null
  },
  cov_delong: ({ input }) => {
    const both = paired(input)
    return both === null || typeof both.covariance === 'string' ? null : (both.covariance.at[1] as number)
  },
  'paired_delong*': pairedTest,
  unpaired_delong: ({ input }) => {
    const groups = ['1', '2'].map((g) => {
      const rows = completeRows(input, [`y${g}`, `x${g}`])
      const one = parts(rows[`y${g}`] as number[], rows[`x${g}`] as number[])
      const variance = delongVariance(one)
      return one === null || variance === null
        ? null
        : { auc: one.auc, variance, n: (rows[`y${g}`] as number[]).length }
    })
    const [one, two] = groups
    if (!one || !two) return null
    const test = unpairedAucTest(one, two)
    if (typeof test === 'string') return null
    return { statistic_D: test.statistic, df_welch: test.df, p: test.p, auc1: one.auc, auc2: two.auc }
  },
}

function clusteredOne({ input }: EntryContext): Json {
  const { truth, scores } = single(input)
  const one = clusteredAuc({ truth, scores, clusters: clustersOf(labelsOf(input, 'cluster')), level: 0.95 })
  const half = one.se === null ? null : normalQuantile(0.975) * one.se
  if (one.estimate === null) return null
  return {
    auc: one.estimate,
    var: one.se === null ? null : one.se ** 2,
    'auc.var': one.se === null ? null : one.se ** 2,
    'auc.se': one.se,
    'ci.bot': half === null ? null : one.estimate - half,
    'ci.top': half === null ? null : one.estimate + half,
  }
}

function clusteredPair(input: Input): { aucs: [number, number]; covariance: number[][] } | null {
  const [truth, x1, x2] = [numbersOf(input, 'y'), numbersOf(input, 'x1'), numbersOf(input, 'x2')]
  const [one, two] = [parts(truth, x1), parts(truth, x2)]
  if (one === null || two === null) return null
  const covariance = clusteredAucCovariance([one, two], clustersOf(labelsOf(input, 'cluster')))
  return typeof covariance === 'string' ? null : { aucs: [one.auc, two.auc], covariance: rowsOf(covariance) }
}

export const clusteredAucTopic: Topic = {
  auc_obuchowski: clusteredOne,
  fastAUC_auc_var: clusteredOne,
  // The tool prints |A - B|; the sign is ours to keep.
  pair: ({ input }) => {
    const both = clusteredPair(input)
    if (both === null) return null
    const z = normalQuantile(0.975)
    const [[va = 0, c = 0] = [], [, vb = 0] = []] = both.covariance
    const [a, b] = both.aucs
    const variance = va + vb - 2 * c
    const difference = Math.abs(a - b)
    const of = (name: string, value: number, v: number): Record<string, Json> => ({
      [`auc.${name}`]: value,
      [`auc.var.${name}`]: v,
      [`auc.se.${name}`]: Math.sqrt(v),
      [`ci.bot.${name}`]: value - z * Math.sqrt(v),
      [`ci.top.${name}`]: value + z * Math.sqrt(v),
    })
    return {
      ...of('A', a, va),
      ...of('B', b, vb),
      ...of('AminusB', difference, variance),
      'p.value': variance > 0 ? normalTwoSided(difference / Math.sqrt(variance)) : null,
    }
  },
  fastAUC_pair: ({ input }) => {
    const both = clusteredPair(input)
    if (both === null) return null
    const test = pairedAucTest(both.aucs, { size: 2, at: Float64Array.from(both.covariance.flat()) }, 0.95)
    return {
      auc: both.aucs,
      var: both.covariance.flat(),
      z: typeof test === 'string' ? null : test.statistic,
      p: typeof test === 'string' ? null : test.p,
    }
  },
}

/** scikit-learn keeps the point at which nothing is called, and every threshold; rising false-positive rates. */
function sklearnCurve({ input }: EntryContext): Json {
  const rows = completeRows(input, ['y', 's'])
  const points = defined(rocCurve(rows.y, rows.s))
  if (points === null) return null
  const falling = [...points].reverse()
  const thresholds = [...new Set(rows.s)].sort((a, b) => b - a)
  return {
    fpr: falling.map((one) => 1 - one.specificity),
    tpr: falling.map((one) => one.sensitivity),
    thresholds: [Number.POSITIVE_INFINITY, ...thresholds],
  }
}

function bins(
  context: EntryContext,
  table: (truth: number[], scores: number[], count: number) => ReliabilityBin[],
): Json {
  const rows = completeRows(context.input, ['y', 's'])
  const found = table(rows.y, rows.s, context.named[0] ?? 10)
  return { frac_pos: found.map((one) => one.shareOfPositives), mean_pred: found.map((one) => one.meanProbability) }
}

export const binaryScoresTopic: Topic = {
  auc: aucOf('s'),
  roc_curve: sklearnCurve,
  pr_curve: ({ input }) => {
    const rows = completeRows(input, ['y', 's'])
    const points = defined(precisionRecallCurve(rows.y, rows.s))
    if (points === null) return null
    return {
      precision: [...points.map((one) => one.precision), 1],
      recall: [...points.map((one) => one.recall), 0],
      thresholds: points.map((one) => one.threshold),
    }
  },
  average_precision: ({ input }) => {
    const rows = completeRows(input, ['y', 's'])
    const points = defined(precisionRecallCurve(rows.y, rows.s))
    return points && averagePrecision(points)
  },
  'partial_auc_maxfpr_*_mcclish_standardised': ({ input, named }) => {
    const rows = completeRows(input, ['y', 's'])
    const points = defined(rocCurve(rows.y, rows.s))
    return points && partialAuc(points, 'specificity', 1 - (named[0] ?? 1)).standardised
  },
  brier: ({ input }) => {
    const rows = completeRows(input, ['y', 's'])
    return brierScore(rows.y, rows.s).score
  },
  'calibration_curve_uniform_*': (of) =>
    bins(of, (y, s, count) => reliabilityBins(y, s, { bins: count, closed: 'right' })),
  'calibration_curve_quantile_*': (of) => bins(of, (y, s, count) => quantileBins(y, s, count)),
}
