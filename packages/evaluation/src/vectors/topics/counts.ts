import { agreementWeights, type WeightScheme } from '../../agreement/agreement-weights.ts'
import { weightedKappa } from '../../agreement/weighted-kappa.ts'
import {
  accuracy,
  balancedAccuracy,
  macroAverage,
  matthewsCorrelation,
  weightedAverage,
} from '../../counts/class-averages.ts'
import { type ClassMetrics, classMetrics, fBeta } from '../../counts/class-metrics.ts'
import { type ConfusionMatrix, confusionMatrix, oneVersusRest } from '../../counts/confusion-matrix.ts'
import {
  diagnosticOddsRatio,
  diagnosticProportions,
  likelihoodRatios,
  type TableValue,
  youdenIndex,
} from '../../counts/diagnostic-table.ts'
import { ordinalError } from '../../counts/ordinal-error.ts'
import type { Json } from '../json.ts'
import { type EntryContext, numberOf, numbersOf, onLevels, type Topic } from '../vector-input.ts'

type Input = EntryContext['input']

function matrixOf(input: Input): ConfusionMatrix {
  const labels = numbersOf(input, 'labels')
  return confusionMatrix(
    onLevels(numbersOf(input, 'y'), labels),
    onLevels(numbersOf(input, 'p'), labels),
    labels.length,
  )
}

const of =
  (pick: (matrix: ConfusionMatrix) => Json) =>
  ({ input }: EntryContext): Json =>
    pick(matrixOf(input))

type Name = 'precision' | 'recall' | 'f1' | 'specificity'

function perClass(matrix: ConfusionMatrix, name: Name): (number | null)[] {
  return oneVersusRest(matrix).map((counts) => classMetrics(counts)[name])
}

/** The tool prints 0 where a class has nothing below the line (zero_division = 0). */
const printed = (values: readonly (number | null)[]): number[] => values.map((value) => value ?? 0)

const support = (matrix: ConfusionMatrix): number[] =>
  oneVersusRest(matrix).map((counts) => classMetrics(counts).support)

const averages = (name: Exclude<Name, 'specificity'> & keyof ClassMetrics): Topic => ({
  [`${name}_per_class`]: of((matrix) => printed(perClass(matrix, name))),
  [`${name}_macro`]: of((matrix) => macroAverage(perClass(matrix, name)).value),
  [`${name}_micro`]: of(accuracy),
  [`${name}_weighted`]: of((matrix) => weightedAverage(perClass(matrix, name), support(matrix))),
})

const kappa = (scheme: WeightScheme) =>
  of((matrix) => {
    const value = weightedKappa(matrix, agreementWeights(scheme, matrix.size))
    return typeof value === 'string' ? null : value.estimate
  })

export const confusionTopic: Topic = {
  confusion_matrix: of(({ size, counts }) =>
    Array.from({ length: size }, (_, i) => [...counts.subarray(i * size, (i + 1) * size)]),
  ),
  accuracy: of(accuracy),
  balanced_accuracy: of(balancedAccuracy),
  support: of(support),
  specificity_per_class: of((matrix) => printed(perClass(matrix, 'specificity'))),
  one_vs_rest_tn_fp_fn_tp: of((matrix) => oneVersusRest(matrix).map(({ tn, fp, fn, tp }) => [tn, fp, fn, tp])),
  ...averages('precision'),
  ...averages('recall'),
  ...averages('f1'),
  'f*_macro': ({ input, named }) =>
    macroAverage(oneVersusRest(matrixOf(input)).map((counts) => fBeta(counts, named[0] ?? 1))).value,
  // The tool prints 0 where the correlation is not defined.
  mcc: of((matrix) => matthewsCorrelation(matrix) ?? 0),
  kappa: kappa('unweighted'),
  kappa_linear: kappa('linear'),
  kappa_quadratic: kappa('quadratic'),
  mean_absolute_error: of((matrix) => ordinalError(matrix).meanAbsolute),
  within_one_grade: of((matrix) => ordinalError(matrix).withinOneGrade),
  macro_mae: of((matrix) => ordinalError(matrix).macroMeanAbsolute),
}

function epi(method: 'wilson' | 'exact') {
  return ({ input, expected }: EntryContext): Json => {
    const table = {
      tp: numberOf(input, 'tp'),
      fp: numberOf(input, 'fp'),
      fn: numberOf(input, 'fn'),
      tn: numberOf(input, 'tn'),
    }
    const shares = diagnosticProportions(table, { level: 0.95, method })
    const ratios = likelihoodRatios(table, 0.95)
    const youden = youdenIndex(shares.sensitivity, shares.specificity)
    const values: Readonly<Record<string, TableValue>> = {
      ap: shares.apparentPrevalence,
      tp: shares.truePrevalence,
      se: shares.sensitivity,
      sp: shares.specificity,
      'diag.ac': shares.accuracy,
      'diag.or': diagnosticOddsRatio(table, 0.95),
      nndx: { estimate: inverse(youden.estimate), lower: inverse(youden.upper), upper: inverse(youden.lower) },
      youden,
      'pv.pos': shares.positivePredictiveValue,
      'pv.neg': shares.negativePredictiveValue,
      'lr.pos': ratios.positive,
      'lr.neg': ratios.negative,
      'p.rout': shares.ruledOut,
      'p.rin': shares.ruledIn,
      'p.tpdn': shares.falsePositive,
      'p.tndp': shares.falseNegative,
      'p.dntp': shares.falseDiscovery,
      'p.dptn': shares.falseOmission,
    }
    // The order of the rows is the tool's; its names say which value stands where.
    const named = expected as { readonly statistic?: readonly string[] }
    const names = named.statistic ?? Object.keys(values)
    const column = (key: keyof TableValue): (number | null)[] => names.map((name) => values[name]?.[key] ?? null)
    return { statistic: names, est: column('estimate'), lower: column('lower'), upper: column('upper') }
  }
}

function inverse(value: number | null): number | null {
  return value === null || value === 0 ? null : 1 / value
}

export const diagnosticTopic: Topic = { epi: epi('wilson'), epi_exact: epi('exact') }
