import { expect, test } from 'vitest'
import { agreementWeights } from './agreement/agreement-weights.ts'
import { clusteredKappa } from './agreement/clustered-kappa.ts'
import { clustersOf } from './cluster/clusters.ts'
import { waldT } from './inference.ts'
import { youdenPoints } from './roc/roc-curve.ts'

test('a rater who gives one grade throughout has a kappa of 0 without an interval, whatever the other gives', () => {
  const patients = Array.from({ length: 60 }, (_, unit) => `p${Math.floor(unit / 3)}`)
  for (let constant = 0; constant < 4; constant += 1) {
    const first = patients.map((_, unit) => (unit * unit + constant) % 4)
    const second = patients.map(() => constant)
    const weights = agreementWeights('quadratic', 4)
    const kappa = clusteredKappa({ first, second, weights }, clustersOf(patients), 0.95)
    expect(kappa.estimate).toBeCloseTo(0, 12)
    expect(kappa).toMatchObject({ se: 0, ci: null, reason: 'zero_variance' })
  }
})

test('an error of the size of a rounding is none, a small one is kept', () => {
  const base = { estimate: 0.5, n: 40, clusters: 20, level: 0.95, range: [0, 1] } as const
  expect(waldT({ ...base, variance: 1e-30 })).toMatchObject({ se: 0, ci: null, flags: ['degenerate_variance'] })
  expect(waldT({ ...base, variance: 1e-14 })).toMatchObject({ se: 1e-7, reason: null })
  expect(waldT({ ...base, variance: -1e-19 })).toMatchObject({ se: 0, reason: 'zero_variance' })
})

test('points that are equally good by Youden are all found, whatever their quotients round to', () => {
  const point = (tp: number, tn: number) =>
    ({ threshold: tp, sensitivity: tp / 10, specificity: tn / 10, tp, fn: 10 - tp, tn, fp: 10 - tn }) as const
  // .1 + .7 is .7999999999999999, .2 + .6 is .8.
  expect(youdenPoints([point(1, 7), point(2, 6), point(3, 4)]).map(({ tp }) => tp)).toEqual([1, 2])
})
