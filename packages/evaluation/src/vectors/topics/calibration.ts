import { singletons } from '../../agreement/chance-corrected.ts'
import { brierScore, logLoss, observedOverExpected, spiegelhalter } from '../../calibration/brier-score.ts'
import { decisionCurve, type NetBenefit, treatAllOrNone } from '../../calibration/decision-curve.ts'
import type { StoppingRule } from '../../calibration/logistic-fit.ts'
import { logisticRecalibration, type Recalibration } from '../../calibration/logistic-recalibration.ts'
import { calibrationError, reliabilityBins } from '../../calibration/reliability-bins.ts'
import { structuralComponents } from '../../roc/structural-components.ts'
import type { Json } from '../json.ts'
import { completeRows, distinct, type EntryContext, literalsIn, numbersOf, type Topic } from '../vector-input.ts'

type Data = { y: number[]; p: number[] }

const of =
  (pick: (data: Data, context: EntryContext) => Json) =>
  (context: EntryContext): Json => {
    const { y, p } = completeRows(context.input, ['y', 'p'])
    return pick({ y, p }, context)
  }

/** The tools stop iterating before the last digits stand; their rule repeats what they print. */
function recalibration({ y, p }: Data, rule: StoppingRule): Recalibration | null {
  const fit = logisticRecalibration(y, p, { clusters: singletons(y.length), rule })
  return typeof fit === 'string' ? null : fit
}

const bins = ({ y, p }: Data, { named }: EntryContext) =>
  reliabilityBins(y, p, { bins: named[0] ?? 10, closed: 'left' })

/** Harrell's val.prob: D discrimination and Nagelkerke's R2 of the probabilities as given, U unreliability, Q = D - U. */
function valProb(data: Data): Json {
  const fit = recalibration(data, 'rms')
  const auc = structuralComponents(data.y, data.p)
  if (fit === null || typeof auc === 'string') return null
  const n = data.y.length
  const ratio = fit.deviance.null - fit.deviance.asGiven
  const d = (ratio - 1) / n
  const u = (fit.deviance.asGiven - fit.deviance.recalibrated - 2) / n
  const z = spiegelhalter(data.y, data.p)
  return {
    Dxy: 2 * auc.auc - 1,
    'C (ROC)': auc.auc,
    R2: (1 - Math.exp(-ratio / n)) / (1 - Math.exp(-fit.deviance.null / n)),
    D: d,
    'D:Chi-sq': ratio,
    U: u,
    Q: d - u,
    Brier: brierScore(data.y, data.p).score,
    Intercept: fit.intercept.estimate,
    Slope: fit.slope.estimate,
    'S:z': z?.z ?? null,
    'S:p': z?.p ?? null,
  }
}

export const calibrationTopic: Topic = {
  val_prob: of(valProb),
  brier: of(({ y, p }) => brierScore(y, p).score),
  brier_null: of(({ y, p }) => brierScore(y, p).ofPrevalence),
  brier_scaled: of(({ y, p }) => brierScore(y, p).scaled),
  log_loss: of(({ y, p }) => logLoss(y, p)),
  calibration_in_the_large_logit_offset: of((data) => {
    const fit = recalibration(data, 'glm')
    return fit && { intercept: fit.inTheLarge.estimate, se: fit.inTheLarge.se }
  }),
  calibration_slope_model: of((data) => {
    const fit = recalibration(data, 'glm')
    return (
      fit && {
        intercept: fit.intercept.estimate,
        slope: fit.slope.estimate,
        se_intercept: fit.intercept.se,
        se_slope: fit.slope.se,
      }
    )
  }),
  observed_expected_ratio: of(({ y, p }) => observedOverExpected(y, p)),
  'ece_*_equal_width': of((data, context) => calibrationError(bins(data, context)).expected),
  'mce_*_equal_width': of((data, context) => calibrationError(bins(data, context)).maximum),
  'reliability_bins_*': of((data, context) => {
    const table = bins(data, context)
    return {
      bin: table.map((one) => one.bin),
      n: table.map((one) => one.n),
      mean_p: table.map((one) => one.meanProbability),
      frac_pos: table.map((one) => one.shareOfPositives),
    }
  }),
  spiegelhalter_z: of(({ y, p }) => {
    const test = spiegelhalter(y, p)
    return test && { z: test.z, p: test.p }
  }),
}

/** Thresholds stand in the input, in what is expected, or in the command alone. */
function thresholdsOf({ input, expected, command }: EntryContext): number[] {
  if (input['thresholds'] !== undefined) return numbersOf(input, 'thresholds')
  const printed = (expected as { readonly threshold?: readonly number[] }).threshold
  return printed === undefined ? literalsIn(command) : distinct([...printed])
}

/** The frame's curves in its order: acting on all, on none, and (under the column's name) by the model. */
function labelsIn(expected: Json): string[] {
  const printed = (expected as { readonly label?: readonly string[] }).label
  return printed === undefined ? ['Treat All', 'Treat None', 'p'] : [...new Set(printed)]
}

export const decisionCurveTopic: Topic = {
  dca: of(({ y, p }, context) => {
    const thresholds = thresholdsOf(context)
    const { all, none } = treatAllOrNone(y.reduce((a, b) => a + b, 0) / y.length, thresholds)
    const own = decisionCurve(y, p, thresholds)
    const fixed: Readonly<Record<string, NetBenefit[]>> = { 'Treat All': all, 'Treat None': none }
    const rows = labelsIn(context.expected).flatMap((label) => (fixed[label] ?? own).map((one) => ({ label, ...one })))
    return {
      label: rows.map((one) => one.label),
      threshold: rows.map((one) => one.threshold),
      tp_rate: rows.map((one) => one.tpShare),
      fp_rate: rows.map((one) => one.fpShare),
      net_benefit: rows.map((one) => one.netBenefit),
    }
  }),
}
