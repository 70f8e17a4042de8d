import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Clusters, clustersOf } from './cluster/clusters.ts'
import { entryOf } from './matrix.ts'
import { jackknifeAuc } from './mrmc/jackknife-auc.ts'
import { unbiasedAucCovariance } from './mrmc/unbiased-auc-covariance.ts'
import { concordance } from './ordinal/concordance.ts'
import { volumeUnderSurface } from './ordinal/volume-under-surface.ts'
import { partialAuc } from './roc/partial-auc.ts'
import { averagePrecision, precisionRecallCurve } from './roc/precision-recall.ts'
import { rocCurve } from './roc/roc-curve.ts'
import { type StructuralComponents, structuralComponents } from './roc/structural-components.ts'

/** The fast kernels against the definitions, pair by pair. */
const unit = fc.record({
  patient: fc.integer({ min: 0, max: 5 }),
  y: fc.integer({ min: 0, max: 1 }),
  x: fc.integer({ min: 0, max: 4 }),
})
const both = fc
  .array(unit, { minLength: 4, maxLength: 25 })
  .filter((rows) => rows.filter((row) => row.y === 1).length > 1 && rows.filter((row) => row.y === 0).length > 1)

type Row = { patient: number; y: number; x: number }
const outcome = (a: number, b: number): number => (a > b ? 1 : a === b ? 0.5 : 0)
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length
const scoresOf = (rows: readonly Row[], y: number): number[] => rows.filter((row) => row.y === y).map((row) => row.x)
const aucOf = (rows: readonly Row[]): number =>
  mean(scoresOf(rows, 1).flatMap((a) => scoresOf(rows, 0).map((b) => outcome(a, b))))
const components = (rows: readonly Row[]): StructuralComponents =>
  structuralComponents(
    rows.map((row) => row.y),
    rows.map((row) => row.x),
  ) as StructuralComponents

test('the AUC is the share of pairs won, ties half', () => {
  fc.assert(
    fc.property(both, (rows) => {
      expect(components(rows).auc).toBeCloseTo(aucOf(rows), 12)
    }),
  )
})

test('the jackknife leaves each patient out as if the rest were ranked again', () => {
  fc.assert(
    fc.property(both, (rows) => {
      const clusters: Clusters = clustersOf(rows.map((row) => row.patient))
      const leftOut = jackknifeAuc(
        components(rows),
        rows.map((row) => row.x),
        clusters,
      )
      const direct = Array.from({ length: clusters.count }, (_, k) => rows.filter((__, i) => clusters.of[i] !== k))
      const isDefined = direct.every((rest) => scoresOf(rest, 1).length > 0 && scoresOf(rest, 0).length > 0)
      expect(leftOut === null).toBe(!isDefined)
      const gaps = direct.map((rest, k) => (leftOut === null ? 0 : Math.abs((leftOut[k] as number) - aucOf(rest))))
      expect(Math.max(...gaps)).toBeLessThan(1e-12)
    }),
  )
})

test('the unbiased covariance is the mean over pairs sharing units less the mean over pairs sharing none', () => {
  fc.assert(
    fc.property(both, (rows) => {
      const scores = rows.map((row) => row.x)
      const covariance = unbiasedAucCovariance([{ components: components(rows), scores }])
      const [positives, negatives] = [scoresOf(rows, 1), scoresOf(rows, 0)]
      const cells = positives.flatMap((a, i) => negatives.map((b, j) => ({ i, j, value: outcome(a, b) })))
      const apart = cells.flatMap((one) =>
        cells.filter((two) => two.i !== one.i && two.j !== one.j).map((two) => one.value * two.value),
      )
      // The square of the AUC, less its unbiased estimate from pairs that share no unit.
      expect(typeof covariance === 'object' ? entryOf(covariance, 0, 0) : null).toBeCloseTo(
        aucOf(rows) ** 2 - mean(apart),
        10,
      )
    }),
  )
})

test('the whole partial area is the AUC, and the area up to a border adds up', () => {
  fc.assert(
    fc.property(both, fc.double({ min: 0.05, max: 0.95, noNaN: true }), (rows, border) => {
      const curve = rocCurve(
        rows.map((row) => row.y),
        rows.map((row) => row.x),
      )
      if (typeof curve === 'string') throw new Error('unreachable')
      expect(partialAuc(curve, 'specificity', 0).area).toBeCloseTo(aucOf(rows), 10)
      expect(partialAuc(curve, 'sensitivity', 0).area).toBeCloseTo(aucOf(rows), 10)
      expect(partialAuc(curve, 'specificity', border).area).toBeLessThanOrEqual(
        Math.min(1 - border, aucOf(rows)) + 1e-12,
      )
    }),
  )
})

test('average precision is the mean precision at each positive when no score ties', () => {
  const scores = fc.uniqueArray(fc.integer({ min: 0, max: 100 }), { minLength: 3, maxLength: 12 })
  fc.assert(
    fc.property(scores, (values) => {
      const truth = values.map((value, i) => (i === 0 || value % 3 === 0 ? 1 : 0))
      const points = precisionRecallCurve(truth, values)
      if (typeof points === 'string') throw new Error('unreachable')
      const ranked = values.map((value, i) => ({ value, y: truth[i] as number })).sort((a, b) => b.value - a.value)
      const precisions = ranked.flatMap(({ y }, i) =>
        y === 1 ? [mean(ranked.slice(0, i + 1).map((one) => one.y))] : [],
      )
      expect(averagePrecision(points)).toBeCloseTo(mean(precisions), 12)
    }),
  )
})

test('concordance counts every pair of different truth', () => {
  const pairs = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 4 })), {
    minLength: 2,
    maxLength: 20,
  })
  fc.assert(
    fc.property(pairs, (rows) => {
      const relevant = rows.flatMap(([y, x]) => rows.filter(([z]) => z < y).map(([, w]) => outcome(x, w)))
      const result = concordance(
        rows.map(([y]) => y),
        rows.map(([, x]) => x),
      )
      const expected = relevant.length === 0 ? 'one_category' : mean(relevant).toFixed(10)
      expect(typeof result === 'string' ? result : result.index.toFixed(10)).toBe(expected)
    }),
  )
})

test('the volume under the surface counts every triple', () => {
  const scores = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(scores, scores, scores, (low, middle, high) => {
      const triples = low.flatMap((a) => middle.flatMap((b) => high.map((c) => triple(a, b, c))))
      expect(volumeUnderSurface([low, middle, high])).toBeCloseTo(mean(triples), 12)
    }),
  )
})

function triple(a: number, b: number, c: number): number {
  if (a > b || b > c) return 0
  return a === b ? (b === c ? 1 / 6 : 1 / 2) : b === c ? 1 / 2 : 1
}
