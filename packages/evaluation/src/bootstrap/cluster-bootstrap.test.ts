import { describe, expect, test } from 'vitest'
import { agreementWeights } from '../agreement/agreement-weights.ts'
import { clusteredKappa } from '../agreement/clustered-kappa.ts'
import { clusteredClassMetrics } from '../cluster/clustered-class-metrics.ts'
import { clustersOf } from '../cluster/clusters.ts'
import { structuralComponents } from '../roc/structural-components.ts'
import { bootstrapInference } from './bootstrap-inference.ts'
import { summariseReplicates } from './bootstrap-interval.ts'
import type { BootstrapJob } from './bootstrap-job.ts'
import { statisticOf } from './bootstrap-job.ts'
import { clusterBootstrap } from './cluster-bootstrap.ts'
import { clusterDraws } from './cluster-draws.ts'
import { bootstrapInWorkers } from './node-bootstrap-pool.ts'

const truth = Uint8Array.from({ length: 120 }, (_, i) => ((i * 7) % 5 < 2 ? 1 : 0))
const scores = Float64Array.from({ length: 120 }, (_, i) => ((i * 13) % 11) / 11 + (truth[i] as number) / 3)
const grades = Int8Array.from({ length: 120 }, (_, i) => (i * 3) % 4)
const clusters = clustersOf(Array.from({ length: 120 }, (_, i) => Math.floor(i / 6)))
const { of } = clusters
const job: BootstrapJob = {
  patients: 20,
  statistics: [
    { kind: 'auc', truth, scores, of },
    { kind: 'ratio', of, numerator: Float64Array.from(truth), denominator: new Float64Array(120).fill(1) },
    {
      kind: 'grades',
      of,
      truth: grades,
      rated: Int8Array.from(grades, (grade, i) => (i % 3 === 0 ? (grade + 1) % 4 : grade)),
      size: 4,
      metrics: [
        { kind: 'kappa', scheme: 'quadratic' },
        { kind: 'auc', cut: 2 },
        { kind: 'f1', cut: 2 },
      ],
    },
  ],
}
const statistics = job.statistics.map((spec) => statisticOf(spec, clusters))
const run = (from: number, to: number): (number | null)[][] =>
  clusterBootstrap(statistics, { seed: 7, clusters: 20, from, to })

describe('cluster bootstrap', () => {
  test('a replicate is the same however the replicates are divided', () => {
    const whole = run(0, 40)
    const [first, second] = [run(0, 13), run(13, 40)]
    expect(whole).toEqual(whole.map((_, s) => [...(first[s] ?? []), ...(second[s] ?? [])]))
  })

  test('workers give the replicates that one thread gives', async () => {
    expect(await bootstrapInWorkers(job, { seed: 7, replicates: 40, workers: 3 })).toEqual(run(0, 40))
  })

  test('malformed input reaches the caller from the worker', async () => {
    const bad: BootstrapJob = { ...job, statistics: [{ kind: 'auc', truth, scores: scores.subarray(1), of }] }
    await expect(bootstrapInWorkers(bad, { seed: 7, replicates: 4, workers: 2 })).rejects.toThrow(RangeError)
  })

  test('metrics from one table of grades are those of the kernels', () => {
    const spec = job.statistics[2]
    if (spec?.kind !== 'grades') throw new Error('unreachable')
    const { truth: graded, rated } = spec
    const at2 = (values: Int8Array): Uint8Array => Uint8Array.from(values, (grade) => (grade >= 2 ? 1 : 0))
    const weights = agreementWeights('quadratic', 4)
    const [kappa, auc, f1] = statistics[2]?.(new Int32Array(20).fill(1)) ?? []
    expect(clusteredKappa({ first: graded, second: rated, weights }, clusters, 0.95).estimate).toBeCloseTo(
      kappa ?? -9,
      14,
    )
    expect(structuralComponents(at2(graded), rated)).toMatchObject({ auc: expect.closeTo(auc ?? -9, 14) })
    const classed = { truth: at2(graded), called: at2(rated), size: 2, clusters: clusters, level: 0.95 }
    expect(clusteredClassMetrics(classed, 'f1')[1]?.estimate).toBeCloseTo(f1 ?? -9, 14)
  })

  test('every draw takes as many patients as there are', () => {
    for (const timesDrawn of clusterDraws(3, 20, { from: 5, to: 25 })) {
      expect(timesDrawn.reduce((a, b) => a + b, 0)).toBe(20)
    }
  })

  test('drawing each patient once gives the AUC of the kernel', () => {
    expect(structuralComponents(truth, scores)).toMatchObject({
      auc: expect.closeTo(statistics[0]?.(new Int32Array(20).fill(1))[0] ?? -1, 14),
    })
  })

  test('draws without a positive are undefined, counted, and beyond five percent there is no interval', () => {
    const few: (number | null)[] = [0.5, 0.6, null, 0.7]
    expect(summariseReplicates(few, 0.05)).toBe('undefined_replicates')
    expect(summariseReplicates(few, 0.3)).toMatchObject({ replicates: 4, undefinedReplicates: 1 })
  })

  test('the stream never silently changes', () => {
    expect([...clusterDraws(20_240_611, 8, { from: 0, to: 2 })].length).toBe(2)
    const draws: number[][] = []
    for (const timesDrawn of clusterDraws(20_240_611, 8, { from: 0, to: 2 })) draws.push([...timesDrawn])
    expect(draws).toMatchInlineSnapshot(`
      [
        [
          0,
          1,
          1,
          1,
          2,
          1,
          2,
          0,
        ],
        [
          0,
          2,
          1,
          0,
          1,
          1,
          3,
          0,
        ],
      ]
    `)
  })

  test('an interval names its seed and generator, and counts what was undefined', () => {
    const { bootstrap } = { bootstrap: { replicates: 200, kind: 'bca', seed: 7, undefinedAtMost: 0.05 } as const }
    const of = { metric: 0, n: 120, clusters: 20, level: 0.95, plan: bootstrap }
    const [auc] = statistics
    if (auc === undefined) throw new Error('unreachable')
    const result = bootstrapInference(auc, run(0, 200)[0] ?? [], of)
    expect(result).toMatchObject({
      seed: 7,
      method: expect.stringContaining('xoroshiro'),
      reason: null,
      undefinedReplicates: 0,
    })
    expect(bootstrapInference(auc, run(0, 20)[0]?.map(() => null) ?? [], of)).toMatchObject({
      ci: null,
      reason: 'undefined_replicates',
    })
  })
})
