import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { agreementWeights, type WeightScheme } from './agreement/agreement-weights.ts'
import { singletons } from './agreement/chance-corrected.ts'
import { clusteredKappa } from './agreement/clustered-kappa.ts'
import { congerKappa } from './agreement/conger-kappa.ts'
import { fleissKappa } from './agreement/fleiss-kappa.ts'
import { clusteredGwet } from './agreement/gwet-coefficient.ts'
import { krippendorffAlpha } from './agreement/krippendorff-alpha.ts'
import { type RatingMatrix, ratingMatrix } from './agreement/rating-matrix.ts'
import { clusteredClassMetrics, clusteredMacro } from './cluster/clustered-class-metrics.ts'
import { clusteredRatio } from './cluster/clustered-ratio.ts'
import { type Clusters, clustersOf } from './cluster/clusters.ts'
import type { Inference } from './inference.ts'
import { entryOf } from './matrix.ts'
import { holm } from './multiplicity/holm.ts'
import { concordance } from './ordinal/concordance.ts'
import { clusteredAuc, clusteredAucCovariance } from './roc/clustered-auc.ts'
import { delongCovariance } from './roc/delong.ts'
import { type StructuralComponents, structuralComponents } from './roc/structural-components.ts'

const SIZE = 4
type Joint = { patient: number; truth: number; a: number; b: number; score: number }
const joint: fc.Arbitrary<Joint> = fc.record({
  patient: fc.integer({ min: 0, max: 9 }),
  truth: fc.integer({ min: 0, max: SIZE - 1 }),
  a: fc.integer({ min: 0, max: SIZE - 1 }),
  b: fc.integer({ min: 0, max: SIZE - 1 }),
  score: fc.integer({ min: 0, max: 12 }),
})
const joints = fc.array(joint, { minLength: 8, maxLength: 60 })

const of = (rows: readonly Joint[], key: keyof Joint): number[] => rows.map((row) => row[key])
const patients = (rows: readonly Joint[]): Clusters => clustersOf(of(rows, 'patient'))
const isPositive = (rows: readonly Joint[]): number[] => rows.map((row) => (row.truth >= 2 ? 1 : 0))

const kappa = (rows: readonly Joint[], scheme: WeightScheme = 'quadratic', size = SIZE): Inference =>
  clusteredKappa(
    { first: of(rows, 'a'), second: of(rows, 'b'), weights: agreementWeights(scheme, size) },
    patients(rows),
    0.95,
  )
const gwet = (rows: readonly Joint[]): Inference =>
  clusteredGwet(
    { first: of(rows, 'a'), second: of(rows, 'b'), weights: agreementWeights('quadratic', SIZE) },
    patients(rows),
    0.95,
  )
const auc = (rows: readonly Joint[]): Inference =>
  clusteredAuc({ truth: isPositive(rows), scores: of(rows, 'score'), clusters: patients(rows), level: 0.95 })
const sensitivity = (rows: readonly Joint[]): Inference =>
  clusteredRatio({
    numerator: rows.map((row) => (row.truth >= 2 && row.a >= 2 ? 1 : 0)),
    denominator: isPositive(rows),
    clusters: patients(rows),
    level: 0.95,
    domain: 'with_denominator',
  })
const classed = (rows: readonly Joint[]) =>
  ({ truth: of(rows, 'truth'), called: of(rows, 'a'), size: SIZE, clusters: patients(rows), level: 0.95 }) as const
const macroF1 = (rows: readonly Joint[]): Inference => clusteredMacro(classed(rows), 'f1')
const ENGINES = { kappa, gwet, auc, sensitivity, macroF1 }

/** Largest difference of estimate and standard error; infinite where only one of them is defined. */
function gap(one: Inference, two: Inference): number {
  const differences = (['estimate', 'se'] as const).map((key) => {
    const [x, y] = [one[key], two[key]]
    if (x === null || y === null) return x === y ? 0 : Number.POSITIVE_INFINITY
    return Math.abs(x - y)
  })
  return Math.max(...differences)
}

const shuffled = (rows: readonly Joint[]): Joint[] =>
  [...rows].sort((x, y) => x.score - y.score || x.a - y.a || x.patient - y.patient)

describe.each(Object.entries(ENGINES))('%s', (_, engine) => {
  test('does not change when rows are permuted', () => {
    fc.assert(
      fc.property(joints, (rows) => {
        expect(gap(engine(rows), engine(shuffled(rows)))).toBeLessThan(1e-9)
      }),
    )
  })

  test('does not change when patients are relabelled', () => {
    fc.assert(
      fc.property(joints, (rows) => {
        expect(gap(engine(rows), engine(rows.map((row) => ({ ...row, patient: 100 - 7 * row.patient }))))).toBeLessThan(
          1e-9,
        )
      }),
    )
  })

  test('never lets NaN or an infinite number leave, and gives a reason for every null', () => {
    fc.assert(
      fc.property(fc.array(joint, { maxLength: 6 }), (rows) => {
        const { estimate, se, ci, reason } = engine(rows)
        for (const value of [estimate, se, ci?.lower, ci?.upper])
          expect(value === null || value === undefined || Number.isFinite(value)).toBe(true)
        expect(reason === null).toBe(estimate !== null && ci !== null)
      }),
    )
  })

  test('leaves its input alone', () => {
    fc.assert(
      fc.property(joints, (rows) => {
        const before = structuredClone(rows)
        engine(rows)
        expect(rows).toEqual(before)
      }),
    )
  })
})

describe.each(Object.entries({ kappa, gwet, sensitivity, macroF1 }))('%s', (_, engine) => {
  test('keeps its estimate and loses variance as it must when every patient is doubled', () => {
    fc.assert(
      fc.property(joints, (rows) => {
        const [once, twice] = [
          engine(rows),
          engine([...rows, ...rows.map((row) => ({ ...row, patient: row.patient + 50 }))]),
        ]
        fc.pre(once.se !== null && once.se > 1e-6)
        const k = once.clusters
        const factor = (2 * k) / (2 * k - 1) / (k / (k - 1)) / 2
        expect(twice.estimate).toBeCloseTo(once.estimate ?? -9, 10)
        expect((twice.se ?? 0) / (once.se ?? 1)).toBeCloseTo(Math.sqrt(factor), 8)
      }),
    )
  })
})

describe('agreement', () => {
  const swapped = (rows: readonly Joint[]): Joint[] => rows.map((row) => ({ ...row, a: row.b, b: row.a }))
  const reversed = (rows: readonly Joint[]): Joint[] =>
    rows.map((row) => ({ ...row, a: SIZE - 1 - row.a, b: SIZE - 1 - row.b }))

  test('does not depend on which rater is first', () => {
    fc.assert(
      fc.property(joints, fc.constantFrom<WeightScheme>('unweighted', 'linear', 'quadratic'), (rows, scheme) => {
        expect(gap(kappa(rows, scheme), kappa(swapped(rows), scheme))).toBeLessThan(1e-9)
        expect(gap(gwet(rows), gwet(swapped(rows)))).toBeLessThan(1e-9)
      }),
    )
  })

  test('does not change when the scale is turned round', () => {
    fc.assert(
      fc.property(joints, fc.constantFrom<WeightScheme>('unweighted', 'linear', 'quadratic'), (rows, scheme) => {
        expect(gap(kappa(rows, scheme), kappa(reversed(rows), scheme))).toBeLessThan(1e-9)
        expect(gap(gwet(rows), gwet(reversed(rows)))).toBeLessThan(1e-9)
      }),
    )
  })

  test('linear kappa on merged categories is the kappa of the merged table, declared scale or not', () => {
    const merged = (rows: readonly Joint[]): Joint[] =>
      rows.map((row) => ({ ...row, a: row.a >= 2 ? 1 : 0, b: row.b >= 2 ? 1 : 0 }))
    // With two categories every weighting is the same.
    fc.assert(
      fc.property(joints, (rows) => {
        expect(gap(kappa(merged(rows), 'linear', 2), kappa(merged(rows), 'unweighted', 2))).toBeLessThan(1e-9)
      }),
    )
  })

  test('of several raters does not depend on their order, or on subjects without ratings', () => {
    const weights = agreementWeights('quadratic', SIZE)
    const grade = fc.option(fc.integer({ min: 0, max: SIZE - 1 }), { freq: 8 })
    const rows = fc.array(fc.tuple(grade, grade, grade), { minLength: 4, maxLength: 30 })
    const matrix = (given: readonly (readonly (number | null)[])[]): RatingMatrix => ratingMatrix(given, SIZE)
    const value = (answer: ReturnType<typeof fleissKappa> | number): number | string =>
      typeof answer === 'object' ? answer.estimate : answer
    fc.assert(
      fc.property(rows, (given) => {
        fc.pre(given.some((row) => row.some((one) => one !== null)))
        const other = [...given.map(([x, y, z]) => [z, x, y]), [null, null, null]]
        for (const coefficient of [fleissKappa, congerKappa]) {
          const [one, two] = [value(coefficient(matrix(given), weights)), value(coefficient(matrix(other), weights))]
          expect(typeof one === 'number' ? one.toFixed(9) : one).toBe(typeof two === 'number' ? two.toFixed(9) : two)
        }
        const [one, two] = [krippendorffAlpha(matrix(given), 'ordinal'), krippendorffAlpha(matrix(other), 'ordinal')]
        expect(typeof one === 'number' ? one.toFixed(9) : one).toBe(typeof two === 'number' ? two.toFixed(9) : two)
      }),
    )
  })
})

describe('discrimination', () => {
  const changed = (rows: readonly Joint[], score: (row: Joint) => number): Joint[] =>
    rows.map((row) => ({ ...row, score: score(row) }))

  test('does not change under a rising transform of the score', () => {
    fc.assert(
      fc.property(joints, (rows) => {
        expect(gap(auc(rows), auc(changed(rows, (row) => Math.exp(row.score / 3) - 40)))).toBeLessThan(1e-9)
      }),
    )
  })

  test('turns to one less itself when the score is negated, and is never flipped', () => {
    fc.assert(
      fc.property(joints, (rows) => {
        const [one, two] = [auc(rows), auc(changed(rows, (row) => -row.score))]
        fc.pre(one.estimate !== null)
        expect(gap({ ...one, estimate: 1 - (one.estimate ?? 0) }, two)).toBeLessThan(1e-9)
      }),
    )
  })

  test('does not change when grades on the same side of the cut are merged', () => {
    fc.assert(
      fc.property(joints, (rows) => {
        const merged = rows.map((row) => ({ ...row, truth: row.truth >= 2 ? 3 : 0, a: row.a >= 2 ? 2 : 1 }))
        expect(gap(auc(rows), auc(merged))).toBeLessThan(1e-9)
        expect(gap(sensitivity(rows), sensitivity(merged))).toBeLessThan(1e-9)
      }),
    )
  })

  test("Obuchowski's variance with one joint a patient is DeLong's", () => {
    fc.assert(
      fc.property(joints, (rows) => {
        const parts = structuralComponents(isPositive(rows), of(rows, 'score'))
        fc.pre(typeof parts === 'object' && parts.positives.length > 1 && parts.negatives.length > 1)
        const scores = [parts as StructuralComponents]
        const [one, two] = [clusteredAucCovariance(scores, singletons(rows.length)), delongCovariance(scores)]
        fc.pre(typeof one === 'object' && typeof two === 'object')
        if (typeof one !== 'object' || typeof two !== 'object') throw new Error('unreachable')
        expect(entryOf(one, 0, 0)).toBeCloseTo(entryOf(two, 0, 0), 12)
      }),
    )
  })

  test('of a binary truth is the concordance index', () => {
    fc.assert(
      fc.property(joints, (rows) => {
        const parts = structuralComponents(isPositive(rows), of(rows, 'score'))
        fc.pre(typeof parts === 'object')
        expect(concordance(isPositive(rows), of(rows, 'score'))).toMatchObject({
          index: expect.closeTo((parts as StructuralComponents).auc, 12),
        })
      }),
    )
  })
})

describe('counts', () => {
  test('swapping truth and call swaps precision and recall and keeps F1', () => {
    fc.assert(
      fc.property(joints, (rows) => {
        const turned = { ...classed(rows), truth: of(rows, 'a'), called: of(rows, 'truth') }
        clusteredClassMetrics(classed(rows), 'precision').forEach((one, c) => {
          expect(gap(one, clusteredClassMetrics(turned, 'recall')[c] as Inference)).toBeLessThan(1e-9)
        })
        clusteredClassMetrics(classed(rows), 'f1').forEach((one, c) => {
          expect(gap(one, clusteredClassMetrics(turned, 'f1')[c] as Inference)).toBeLessThan(1e-9)
        })
      }),
    )
  })

  test("Holm's values never fall below p, keep its order, and a p that is not a test stays out", () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.double({ min: 0, max: 1, noNaN: true })), { maxLength: 8 }), (values) => {
        const adjusted = holm(values)
        values.forEach((p, i) => {
          expect(adjusted[i] === null).toBe(p === null)
          expect((adjusted[i] ?? 1) >= (p ?? 0)).toBe(true)
          values.forEach((q, j) =>
            expect(p === null || q === null || p > q || (adjusted[i] ?? 0) <= (adjusted[j] ?? 0)).toBe(true),
          )
        })
      }),
    )
  })
})
