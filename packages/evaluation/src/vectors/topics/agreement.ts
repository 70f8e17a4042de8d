import { type AgreementWeights, agreementWeights, type WeightScheme } from '../../agreement/agreement-weights.ts'
import type { ChanceCorrected } from '../../agreement/chance-corrected.ts'
import { singletons } from '../../agreement/chance-corrected.ts'
import { clusteredKappa, kappaInfluence, type PairedGrades } from '../../agreement/clustered-kappa.ts'
import { congerKappa } from '../../agreement/conger-kappa.ts'
import { fleissKappa, fleissNullTest } from '../../agreement/fleiss-kappa.ts'
import { clusteredGwet } from '../../agreement/gwet-coefficient.ts'
import { gwetManyRaters } from '../../agreement/gwet-many-raters.ts'
import { type AlphaMetric, krippendorffAlpha } from '../../agreement/krippendorff-alpha.ts'
import { krippendorffLinearised } from '../../agreement/krippendorff-linearised.ts'
import { lightKappa } from '../../agreement/light-kappa.ts'
import { bowker, stuartMaxwell } from '../../agreement/marginal-homogeneity.ts'
import { brennanPrediger, scottPi } from '../../agreement/other-coefficients.ts'
import { type RatingMatrix, ratingMatrix, shareOfUnanimous } from '../../agreement/rating-matrix.ts'
import { type RatingTable, ratingTable } from '../../agreement/rating-table.ts'
import { kappaStandardErrors, weightedKappa } from '../../agreement/weighted-kappa.ts'
import { differenceOfEstimators } from '../../cluster/clustered-difference.ts'
import { clustersOf } from '../../cluster/clusters.ts'
import { normalQuantile, normalTwoSided } from '../../distribution/normal.ts'
import { defined } from '../answers.ts'
import type { Json } from '../json.ts'
import {
  distinct,
  type EntryContext,
  labelsOf,
  matrixOf,
  numbersOf,
  onLevels,
  rowsOf,
  type Topic,
} from '../vector-input.ts'

type Input = EntryContext['input']
const Z = normalQuantile(0.975)

/** Two raters as grades on the declared scale; of a table, the pairs that it counts. */
function twoRaters(input: Input): { first: number[]; second: number[]; size: number } {
  if (input['m'] === undefined && input['t'] === undefined) {
    const levels = numbersOf(input, 'levels')
    const [first, second] = [onLevels(numbersOf(input, 'r1'), levels), onLevels(numbersOf(input, 'r2'), levels)]
    return { first, second, size: levels.length }
  }
  const table = matrixOf(input, input['m'] === undefined ? 't' : 'm')
  const first: number[] = []
  const second: number[] = []
  table.forEach((row, i) =>
    row.forEach((count, j) => {
      for (let k = 0; k < count; k++) {
        first.push(i)
        second.push(j)
      }
    }),
  )
  return { first, second, size: table.length }
}

const tableOf = (input: Input): RatingTable => {
  const { first, second, size } = twoRaters(input)
  return ratingTable(first, second, size)
}

function kappaOf(input: Input, scheme: WeightScheme): { kappa: number; nonNull: number; underNull: number } | null {
  const table = tableOf(input)
  const weights = agreementWeights(scheme, table.size)
  const kappa = weightedKappa(table, weights)
  if (typeof kappa === 'string') return null
  return { kappa: kappa.estimate, ...kappaStandardErrors(table, weights, kappa) }
}

const kappaEntries = (scheme: WeightScheme): Topic => ({
  [`kappa_${scheme}`]: ({ input }) => kappaOf(input, scheme)?.kappa ?? null,
  [`kappa_${scheme}_se`]: ({ input }) => kappaOf(input, scheme)?.nonNull ?? null,
  [`kappa_${scheme}_ci95_normal`]: ({ input }) => {
    const one = kappaOf(input, scheme)
    return one && [one.kappa - Z * one.nonNull, one.kappa + Z * one.nonNull]
  },
  [`kappa_${scheme}_vcd_value_ASE`]: ({ input }) => {
    const one = kappaOf(input, scheme)
    return one && [one.kappa, one.nonNull]
  },
})

function gwet(input: Input, scheme: WeightScheme): { estimate: number | null; se: number | null } {
  const { first, second, size } = twoRaters(input)
  const n = first.length
  // One unit a patient is the unclustered case. The tool divides by n on tables where we divide by n - 1.
  const { estimate, se } = clusteredGwet(
    { first, second, weights: agreementWeights(scheme, size) },
    singletons(n),
    0.95,
  )
  return { estimate, se: se === null ? null : se * Math.sqrt((n - 1) / n) }
}

export const twoRatersTopic: Topic = {
  table: ({ input }) => {
    const { size, counts } = tableOf(input)
    return Array.from({ length: size }, (_, i) => [...counts.subarray(i * size, (i + 1) * size)])
  },
  percent_agreement: ({ input }) => {
    const { size, counts, n } = tableOf(input)
    return n === 0
      ? null
      : Array.from({ length: size }, (_, i) => counts[i * size + i] as number).reduce((a, b) => a + b, 0) / n
  },
  ...kappaEntries('unweighted'),
  ...kappaEntries('linear'),
  ...kappaEntries('quadratic'),
  gwet_ac1: ({ input }) => gwet(input, 'unweighted').estimate,
  gwet_ac1_se: ({ input }) => gwet(input, 'unweighted').se,
  gwet_ac2_quadratic: ({ input }) => gwet(input, 'quadratic').estimate,
  gwet_ac2_quadratic_se: ({ input }) => gwet(input, 'quadratic').se,
  gwet_ac2_linear: ({ input }) => gwet(input, 'linear').estimate,
  gwet_ac2_linear_se: ({ input }) => gwet(input, 'linear').se,
  scott_pi: ({ input }) => defined(scottPi(tableOf(input))),
  brennan_prediger: ({ input }) => defined(brennanPrediger(tableOf(input))),
}

const NAMED: Readonly<Record<string, WeightScheme>> = {
  cohens_kappa: 'unweighted',
  weighted_quadratic: 'quadratic',
  weighted_linear: 'linear',
}

function statsmodelsKappa({ input, entry }: EntryContext): Json {
  const one = kappaOf(input, NAMED[entry] ?? 'unweighted')
  if (one === null) return null
  const z = one.kappa / one.underNull
  return {
    kappa: one.kappa,
    std_kappa: one.nonNull,
    std_kappa0: one.underNull,
    z_value: z,
    pvalue_two_sided: normalTwoSided(z),
    kappa_low: one.kappa - Z * one.nonNull,
    kappa_upp: one.kappa + Z * one.nonNull,
  }
}

/** The tool counts an empty cell as one half. */
function shifted({ size, counts, n }: RatingTable): RatingTable {
  return { size, counts: counts.map((count) => (count === 0 ? 0.5 : count)), n }
}

export const statsmodelsKappaTopic: Topic = {
  cohens_kappa: statsmodelsKappa,
  weighted_quadratic: statsmodelsKappa,
  weighted_linear: statsmodelsKappa,
  bowker: ({ input }) => {
    const test = bowker(shifted(tableOf(input)))
    return test && [test.statistic, test.p]
  },
  stuart_maxwell: ({ input }) => {
    const test = stuartMaxwell(shifted(tableOf(input)))
    return test && [test.statistic, test.p]
  },
}

/** The tool takes the categories that it saw for the scale, and the normal for the interval. */
function clustered(scheme: WeightScheme) {
  return ({ input }: EntryContext): Json => {
    const [r1, r2] = [numbersOf(input, 'r1'), numbersOf(input, 'r2')]
    const levels = input['levels'] === undefined ? distinct([...r1, ...r2]) : numbersOf(input, 'levels')
    const pair = {
      first: onLevels(r1, levels),
      second: onLevels(r2, levels),
      weights: agreementWeights(scheme, levels.length),
    }
    const { estimate, se } = clusteredKappa(pair, clustersOf(labelsOf(input, 'cluster')), 0.95)
    if (estimate === null) return null
    const half = se === null ? null : Z * se
    return {
      kappa: estimate,
      se,
      lower: half === null ? null : estimate - half,
      upper: half === null ? null : estimate + half,
    }
  }
}

export const clusteredKappaTopic: Topic = {
  kappa_unweighted: clustered('unweighted'),
  kappa_linear: clustered('linear'),
  kappa_quadratic: clustered('quadratic'),
  test: ({ input }) => {
    const [a, b, reference] = [numbersOf(input, 'a'), numbersOf(input, 'b'), numbersOf(input, 'ref')]
    const levels = distinct([...a, ...b, ...reference])
    const weights = agreementWeights('quadratic', levels.length)
    const clusters = clustersOf(labelsOf(input, 'cluster'))
    const second = onLevels(reference, levels)
    const pairs: PairedGrades[] = [a, b].map((rater) => ({ first: onLevels(rater, levels), second, weights }))
    const [one, two] = pairs.map((pair) => kappaInfluence(pair))
    if (typeof one !== 'object' || typeof two !== 'object') return null
    const difference = differenceOfEstimators(one, two, { clusters, level: 0.95 })
    const { estimate, se, p } = difference
    const t = estimate === null || se === null || se === 0 ? null : (estimate / se) ** 2
    return {
      kappa: [one.estimate, two.estimate],
      se: pairs.map((pair) => clusteredKappa(pair, clusters, 0.95).se),
      T2: t,
      p,
    }
  },
}

type Many = { ratings: RatingMatrix; values: number[] }

function manyRaters(input: Input): Many {
  const rows = rowsOf(input, 'x')
  const values =
    input['levels'] === undefined ? distinct(rows.flat().filter((one) => one !== null)) : numbersOf(input, 'levels')
  return {
    ratings: ratingMatrix(
      rows.map((row) => row.map((one) => (one === null ? null : values.indexOf(one)))),
      values.length,
    ),
    values,
  }
}

type Coefficient = (
  ratings: RatingMatrix,
  weights: AgreementWeights,
) => Pick<ChanceCorrected, 'estimate' | 'observed' | 'expected' | 'se'> | string

function estimated(input: Input, coefficient: Coefficient, scheme: WeightScheme): Json {
  const { ratings, values } = manyRaters(input)
  const result = coefficient(ratings, agreementWeights(scheme, values.length, values))
  if (typeof result === 'string') return null
  return { kappa: result.estimate, value: result.estimate, se: result.se, pa: result.observed, pe: result.expected }
}

const entriesOf = (name: string, coefficient: Coefficient, scheme: WeightScheme): Topic => ({
  [`${name}_pa_pe`]: ({ input }) => estimated(input, coefficient, scheme),
  [`${name}_value_se_5dp`]: ({ input }) => estimated(input, coefficient, scheme),
})

const SCHEMES: readonly WeightScheme[] = ['linear', 'quadratic', 'ordinal']
const weighted = (name: string, coefficient: Coefficient): Topic =>
  Object.assign({}, ...SCHEMES.map((scheme) => entriesOf(`${name}_${scheme}`, coefficient, scheme)))

const krippendorff =
  (metric: AlphaMetric) =>
  ({ input }: EntryContext): Json => {
    const { ratings, values } = manyRaters(input)
    return defined(krippendorffAlpha(ratings, metric, values))
  }

export const manyRatersTopic: Topic = {
  fleiss_kappa: ({ input }) => {
    const { ratings } = manyRaters(input)
    const kappa = fleissKappa(ratings, agreementWeights('unweighted', ratings.size))
    if (typeof kappa === 'string') return null
    const test = fleissNullTest(ratings, kappa.estimate)
    return { kappa: kappa.estimate, null_z: test?.z ?? null, null_p: test?.p ?? null }
  },
  fleiss_exact_conger: ({ input }) => {
    const { ratings } = manyRaters(input)
    return defined(congerKappa(ratings, agreementWeights('unweighted', ratings.size)))?.estimate ?? null
  },
  light_kappa: ({ input }) => {
    const { ratings } = manyRaters(input)
    return lightKappa(ratings, agreementWeights('unweighted', ratings.size))
  },
  percent_agree_all: ({ input }) => shareOfUnanimous(manyRaters(input).ratings),
  krippendorff_nominal: krippendorff('nominal'),
  krippendorff_ordinal: krippendorff('ordinal'),
  krippendorff_interval: krippendorff('interval'),
  krippendorff_ratio: krippendorff('ratio'),
  ...entriesOf('fleiss', fleissKappa, 'unweighted'),
  ...weighted('fleiss', fleissKappa),
  ...entriesOf('conger', congerKappa, 'unweighted'),
  ...weighted('conger', congerKappa),
  ...entriesOf('ac1', gwetManyRaters, 'unweighted'),
  ...weighted('ac2', gwetManyRaters),
  ...entriesOf('krippendorff_irrCAC_nominal', krippendorffLinearised, 'unweighted'),
  ...weighted('krippendorff_irrCAC', krippendorffLinearised),
}
