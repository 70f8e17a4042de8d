import { macroAverage, weightedAverage } from '../../counts/class-averages.ts'
import { type ClassProbabilities, classProbabilities, classScore } from '../../ordinal/class-probabilities.ts'
import { type Concordance, concordance } from '../../ordinal/concordance.ts'
import { handTill, handTillWeighted, microAuc, oneVersusRestAucs, pairwiseAucs } from '../../ordinal/hand-till.ts'
import { adjacentAucs, cumulativeAucs } from '../../ordinal/ordinal-auc.ts'
import {
  mostProbableClass,
  multiclassBrier,
  multiclassLogLoss,
  rankedProbabilityScore,
} from '../../ordinal/probability-scores.ts'
import { volumeUnderSurface } from '../../ordinal/volume-under-surface.ts'
import { averagePrecision, precisionRecallCurve } from '../../roc/precision-recall.ts'
import { defined } from '../answers.ts'
import type { Json } from '../json.ts'
import {
  completeRows,
  distinct,
  type EntryContext,
  matrixOf,
  numbersOf,
  onLevels,
  type Topic,
} from '../vector-input.ts'

function probabilities(
  input: EntryContext['input'],
  rows: string,
  levels: string,
): { data: ClassProbabilities; labels: number[] } {
  const labels = numbersOf(input, levels)
  return {
    data: classProbabilities(onLevels(numbersOf(input, 'y'), labels), matrixOf(input, rows), labels.length),
    labels,
  }
}

const concordant =
  (pick: (value: Concordance) => number) =>
  ({ input }: EntryContext): Json => {
    const { y, x } = completeRows(input, ['y', 'x'])
    const value = defined(concordance(y, x))
    return value && pick(value)
  }

const onSeenLevels = ({ input }: EntryContext): { truth: number[]; scores: number[]; size: number } => {
  const { y, x } = completeRows(input, ['y', 'x'])
  const levels = distinct(y)
  return { truth: onLevels(y, levels), scores: x, size: levels.length }
}

export const ordinalTopic: Topic = {
  hand_till_M: ({ input }) => handTill(pairwiseAucs(probabilities(input, 'P', 'levels').data)),
  pairwise_A_ij: ({ input }) => {
    const { data, labels } = probabilities(input, 'P', 'levels')
    return Object.fromEntries(pairwiseAucs(data).map((one) => [`${labels[one.first]}/${labels[one.second]}`, one.auc]))
  },
  ovr_auc: ({ input }) => oneVersusRestAucs(probabilities(input, 'P', 'levels').data),
  c_index: concordant((value) => value.index),
  somers_dyx: concordant((value) => value.somersD),
  se_of_D: concordant((value) => value.somersSe),
  n_relevant_pairs: concordant((value) => value.relevantPairs),
  n_concordant: concordant((value) => value.concordantPairs),
  adjacent_category_auc: (of) => {
    const { truth, scores, size } = onSeenLevels(of)
    return adjacentAucs(truth, scores, size)
  },
  cumulative_auc_ge_k: (of) => {
    const { truth, scores, size } = onSeenLevels(of)
    return cumulativeAucs(truth, scores, size)
  },
  vus_3class_brute: (of) => {
    const { truth, scores, size } = onSeenLevels(of)
    const ofClass = (k: number): number[] => scores.filter((_, i) => truth[i] === k)
    return size === 3 ? volumeUnderSurface([ofClass(0), ofClass(1), ofClass(2)]) : null
  },
}

const scored =
  (pick: (data: ClassProbabilities, labels: readonly number[]) => Json) =>
  ({ input }: EntryContext): Json => {
    const { data, labels } = probabilities(input, 'S', 'labels')
    return pick(data, labels)
  }

const share = (data: ClassProbabilities): number[] =>
  Array.from({ length: data.size }, (_, k) => data.truth.filter((one) => one === k).length)

export const classProbabilitiesTopic: Topic = {
  roc_auc_ovo_macro: scored((data) => handTill(pairwiseAucs(data))),
  roc_auc_ovo_weighted: scored((data) => handTillWeighted(pairwiseAucs(data))),
  roc_auc_ovr_macro: scored((data) => {
    const aucs = oneVersusRestAucs(data)
    return aucs.includes(null) ? null : macroAverage(aucs).value
  }),
  roc_auc_ovr_weighted: scored((data) => {
    const aucs = oneVersusRestAucs(data)
    return aucs.includes(null) ? null : weightedAverage(aucs, share(data))
  }),
  roc_auc_ovr_micro: scored(microAuc),
  log_loss: scored((data) => multiclassLogLoss(data, 1e-4)),
  brier_multiclass_sum: scored(multiclassBrier),
  rps_ranked_probability_score: scored(rankedProbabilityScore),
  average_precision_ovr: scored((data) =>
    Array.from({ length: data.size }, (_, k) => {
      const points = precisionRecallCurve(
        Uint8Array.from(data.truth, (one) => (one === k ? 1 : 0)),
        classScore(data, k),
      )
      return typeof points === 'string' ? null : averagePrecision(points)
    }),
  ),
  top1_from_argmax: scored((data) => [...mostProbableClass(data)]),
}
