import { normalQuantile, normalUpper } from '../../distribution/normal.ts'
import { concordance } from '../../ordinal/concordance.ts'
import { delongCovariance, pairedAucTest, unpairedAucTest } from '../../roc/delong.ts'
import { partialAuc } from '../../roc/partial-auc.ts'
import { type RocPoint, rocCurve, topLeftPoints, youdenPoints } from '../../roc/roc-curve.ts'
import type { StructuralComponents } from '../../roc/structural-components.ts'
import { clipped, defined } from '../answers.ts'
import type { Json } from '../json.ts'
import { aucOf, parts, single } from '../scored-units.ts'
import { completeRows, type EntryContext, type Topic } from '../vector-input.ts'

type Input = EntryContext['input']

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
