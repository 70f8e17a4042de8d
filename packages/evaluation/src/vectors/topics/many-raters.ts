import { type AgreementWeights, agreementWeights, type WeightScheme } from '../../agreement/agreement-weights.ts'
import type { ChanceCorrected } from '../../agreement/chance-corrected.ts'
import { congerKappa } from '../../agreement/conger-kappa.ts'
import { fleissKappa, fleissNullTest } from '../../agreement/fleiss-kappa.ts'
import { gwetManyRaters } from '../../agreement/gwet-many-raters.ts'
import { type AlphaMetric, krippendorffAlpha } from '../../agreement/krippendorff-alpha.ts'
import { krippendorffLinearised } from '../../agreement/krippendorff-linearised.ts'
import { lightKappa } from '../../agreement/light-kappa.ts'
import { type RatingMatrix, ratingMatrix, shareOfUnanimous } from '../../agreement/rating-matrix.ts'
import { defined } from '../answers.ts'
import type { Json } from '../json.ts'
import { distinct, type EntryContext, numbersOf, rowsOf, type Topic } from '../vector-input.ts'

type Input = EntryContext['input']

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
