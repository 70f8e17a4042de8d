import type { WeightScheme } from '../../agreement/agreement-weights.ts'
import { bowker, stuartMaxwell } from '../../agreement/marginal-homogeneity.ts'
import type { RatingTable } from '../../agreement/rating-table.ts'
import { normalQuantile, normalTwoSided } from '../../distribution/normal.ts'
import type { Json } from '../json.ts'
import { kappaOf, tableOf } from '../rated-twice.ts'
import type { EntryContext, Topic } from '../vector-input.ts'

const Z = normalQuantile(0.975)

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
