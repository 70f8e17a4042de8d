import { entryOf, type SquareMatrix } from '../matrix.ts'
import { deviance, mean } from '../sample-moments.ts'

/** A fully crossed study: every reader read every case under every test. */
export type CrossedStudy = {
  /** Metric of reader j under test i. */
  readonly theta: readonly (readonly number[])[]
  /** Covariance of the metrics, tests outside, readers inside: row i J + j. */
  readonly covariance: SquareMatrix
}

export type TestComponents = {
  readonly mean: number
  /** Null with one reader. */
  readonly msReader: number | null
  readonly variance: number
  readonly cov2: number
}

export type Components = {
  readonly tests: number
  readonly readers: number
  readonly variance: number
  /** Same reader and different test; same test and different reader; both different. 0 where there is no such pair. */
  readonly cov1: number
  readonly cov2: number
  readonly cov3: number
  /** Null where their degrees of freedom are 0. */
  readonly msTest: number | null
  readonly msReader: number | null
  readonly msTestReader: number | null
  readonly perTest: readonly TestComponents[]
}

/**
 * Mean squares and covariance components of Obuchowski & Rockette.
 *
 * @throws {RangeError} no test, no reader, tests with different numbers of readers (not crossed), a covariance of another size
 * @see Obuchowski & Rockette (1995) Commun Stat 24:285; methods 2.6. Oracle: MRMCaov 0.3.0
 */
export function components({ theta, covariance }: CrossedStudy): Components {
  const tests = theta.length
  const readers = theta[0]?.length ?? 0
  if (tests === 0 || readers === 0) throw new RangeError('components: no test or no reader')
  if (theta.some((row) => row.length !== readers))
    throw new RangeError('components: readers are not crossed with tests')
  if (covariance.size !== tests * readers) throw new RangeError(`components: covariance of size ${covariance.size}`)
  const testMeans = theta.map((row) => mean(row))
  const readerMeans = Array.from({ length: readers }, (_, j) => mean(theta.map((row) => row[j] as number)))
  const grand = mean(testMeans)
  let interaction = 0
  for (let i = 0; i < tests; i++) {
    for (let j = 0; j < readers; j++) {
      interaction += ((theta[i]?.[j] as number) - (testMeans[i] as number) - (readerMeans[j] as number) + grand) ** 2
    }
  }
  const df = (tests - 1) * (readers - 1)
  return {
    tests,
    readers,
    ...averages(covariance, tests, readers),
    msTest: tests > 1 ? (readers * deviance(testMeans)) / (tests - 1) : null,
    msReader: readers > 1 ? (tests * deviance(readerMeans)) / (readers - 1) : null,
    msTestReader: df > 0 ? interaction / df : null,
    perTest: theta.map((row, i) => ({
      mean: testMeans[i] as number,
      msReader: readers > 1 ? deviance(row) / (readers - 1) : null,
      ...withinTest(covariance, i, readers),
    })),
  }
}

type Averages = { variance: number; cov1: number; cov2: number; cov3: number }

function averages(covariance: SquareMatrix, tests: number, readers: number): Averages {
  const sums = { variance: 0, cov1: 0, cov2: 0, cov3: 0 }
  const counts = { variance: 0, cov1: 0, cov2: 0, cov3: 0 }
  const size = tests * readers
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < size; b++) {
      const sameTest = Math.floor(a / readers) === Math.floor(b / readers)
      const sameReader = a % readers === b % readers
      const kind = sameTest ? (sameReader ? 'variance' : 'cov2') : sameReader ? 'cov1' : 'cov3'
      sums[kind] += entryOf(covariance, a, b)
      counts[kind]++
    }
  }
  const average = (kind: keyof Averages): number => (counts[kind] === 0 ? 0 : sums[kind] / counts[kind])
  return { variance: average('variance'), cov1: average('cov1'), cov2: average('cov2'), cov3: average('cov3') }
}

function withinTest(covariance: SquareMatrix, test: number, readers: number): { variance: number; cov2: number } {
  let variance = 0
  let cov2 = 0
  for (let a = 0; a < readers; a++) {
    for (let b = 0; b < readers; b++) {
      const value = entryOf(covariance, test * readers + a, test * readers + b)
      if (a === b) variance += value
      else cov2 += value
    }
  }
  return { variance: variance / readers, cov2: readers > 1 ? cov2 / (readers * (readers - 1)) : 0 }
}
