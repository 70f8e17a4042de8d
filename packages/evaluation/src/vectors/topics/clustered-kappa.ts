import { agreementWeights, type WeightScheme } from '../../agreement/agreement-weights.ts'
import { clusteredKappa, kappaInfluence, type PairedGrades } from '../../agreement/clustered-kappa.ts'
import { differenceOfEstimators } from '../../cluster/clustered-difference.ts'
import { clustersOf } from '../../cluster/clusters.ts'
import { normalQuantile } from '../../distribution/normal.ts'
import type { Json } from '../json.ts'
import { distinct, type EntryContext, labelsOf, numbersOf, onLevels, type Topic } from '../vector-input.ts'

const Z = normalQuantile(0.975)

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
