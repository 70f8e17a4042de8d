import { fUpper } from '../distribution/f-ratio.ts'
import type { Components } from './components.ts'
import { type Contrast, contrast, pairsOf } from './contrast.ts'

export type RandomReaders = {
  readonly target: 'random_readers'
  readonly denominator: number
  readonly f: number
  readonly df1: number
  readonly df2: number
  readonly p: number
  readonly differences: readonly (Contrast & { first: number; second: number })[]
  readonly means: readonly Contrast[]
}

export type RandomReadersReason = 'too_few_readers' | 'zero_variance' | 'incomplete_crossing'

/**
 * Readers like these, patients like these (RRRC): F = MS(T) / (MS(TR) + J max(Cov2 - Cov3, 0)) on I-1 and Hillis' degrees
 * of freedom; differences by t. Each test's mean uses that test's own MS(R) and Cov2.
 *
 * @returns `too_few_readers` with one reader or one test, `zero_variance` when the denominator is 0
 * @see Hillis (2007) Stat Med 26:596, Hillis (2014) Stat Med 33:330. Oracle: MRMCaov 0.3.0, RJafroc 2.1.2
 */
export function randomReaders(parts: Components, level: number): RandomReaders | RandomReadersReason {
  const { msTest, msTestReader, readers, tests } = parts
  if (msTest === null || msTestReader === null) return 'too_few_readers'
  const denominator = msTestReader + readers * Math.max(parts.cov2 - parts.cov3, 0)
  if (!(denominator > 1e-18)) return 'zero_variance'
  const f = msTest / denominator
  const df1 = tests - 1
  const df2 = denominator ** 2 / (msTestReader ** 2 / ((tests - 1) * (readers - 1)))
  const se = Math.sqrt((2 * denominator) / readers)
  return {
    target: 'random_readers',
    denominator,
    f,
    df1,
    df2,
    p: fUpper(f, df1, df2),
    differences: pairsOf(parts.perTest.map((one) => one.mean)).map(({ first, second, difference }) => ({
      first,
      second,
      ...contrast(difference, se, { df: df2, level }),
    })),
    means: parts.perTest.map((one) => {
      const shared = Math.max(one.cov2, 0)
      const msReader = one.msReader ?? 0
      const total = msReader + readers * shared
      const df = msReader === 0 ? null : total ** 2 / (msReader ** 2 / (readers - 1))
      return contrast(one.mean, Math.sqrt(total / readers), { df, level })
    }),
  }
}

/** Variance components of the OR model: what a sample-size calculation takes from a pilot. */
export function varianceComponents(parts: Components): { reader: number; testReader: number } | 'too_few_readers' {
  const { msReader, msTestReader, tests, variance, cov1, cov2, cov3 } = parts
  if (msReader === null || msTestReader === null) return 'too_few_readers'
  return {
    reader: (msReader - msTestReader) / tests - cov1 + cov3,
    testReader: msTestReader - variance + cov1 + Math.max(cov2 - cov3, 0),
  }
}
