import { agreementWeights, type WeightScheme } from '../../agreement/agreement-weights.ts'
import { singletons } from '../../agreement/chance-corrected.ts'
import { clusteredGwet } from '../../agreement/gwet-coefficient.ts'
import { brennanPrediger, scottPi } from '../../agreement/other-coefficients.ts'
import { normalQuantile } from '../../distribution/normal.ts'
import { defined } from '../answers.ts'
import { kappaOf, tableOf, twoRaters } from '../rated-twice.ts'
import type { EntryContext, Topic } from '../vector-input.ts'

type Input = EntryContext['input']

const Z = normalQuantile(0.975)

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
