import { benjaminiHochberg } from '../../multiplicity/benjamini-hochberg.ts'
import { bonferroni } from '../../multiplicity/bonferroni.ts'
import { holm } from '../../multiplicity/holm.ts'
import { type MarginTest, marginTest } from '../../multiplicity/noninferiority.ts'
import type { Json } from '../json.ts'
import { type EntryContext, numberOf, type Topic, valuesOf } from '../vector-input.ts'

export const multiplicityTopic: Topic = {
  holm: ({ input }) => holm(valuesOf(input, 'p')),
  bonferroni: ({ input }) => bonferroni(valuesOf(input, 'p')),
  bh: ({ input }) => benjaminiHochberg(valuesOf(input, 'p')),
}

const tested =
  (level: number, pick: (test: MarginTest) => Json) =>
  ({ input }: EntryContext): Json => {
    const of = { df: numberOf(input, 'df'), margin: numberOf(input, 'margin'), level }
    const test = marginTest(numberOf(input, 'diff'), numberOf(input, 'se'), of)
    return typeof test === 'string' ? null : pick(test)
  }

export const noninferiorityTopic: Topic = {
  z_ni: tested(0.95, (test) => test.statistic),
  p_one_sided_z: tested(0.95, (test) => test.pNonInferiorNormal),
  p_one_sided_t: tested(0.95, (test) => test.pNonInferior),
  'lower_one_sided_97.5_t': tested(0.95, (test) => test.lower),
  lower_one_sided_95_t: tested(0.9, (test) => test.lower),
  'non_inferior_at_0.025_t': tested(0.95, (test) => test.isNonInferior),
  'non_inferior_at_0.05_t': tested(0.9, (test) => test.isNonInferior),
  tost_p_t: tested(0.95, (test) => test.pEquivalent),
  superior_two_sided_p_t: tested(0.95, (test) => test.pDifferent),
}
