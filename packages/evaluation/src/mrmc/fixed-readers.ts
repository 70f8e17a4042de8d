import { chiSquaredUpper } from '../distribution/chi-squared.ts'
import { entryOf } from '../matrix.ts'
import { type CrossedStudy, components } from './components.ts'
import { type Contrast, contrast, pairsOf } from './contrast.ts'

export type FixedReaders = {
  readonly target: 'fixed_readers'
  readonly denominator: number
  readonly chiSquared: number
  readonly df: number
  readonly p: number
  readonly differences: readonly (Contrast & { first: number; second: number })[]
  readonly means: readonly Contrast[]
  /** Each reader alone: first test less second. */
  readonly byReader: readonly (Contrast & { reader: number; first: number; second: number })[]
}

/**
 * These readers, patients like these (FRRC): X2 = (I-1) MS(T) / (Var - Cov1 + (J-1)(Cov2 - Cov3)), chi-squared on I-1;
 * differences and each reader's own by the normal. No truncation.
 *
 * @returns `too_few_readers` with one test, `zero_variance`, `negative_variance`
 * @see Hillis (2007); methods 2.6. Oracle: MRMCaov 0.3.0 fixed(reader), RJafroc 2.1.2 FRRC
 */
export function fixedReaders(
  study: CrossedStudy,
  level: number,
): FixedReaders | 'too_few_readers' | 'zero_variance' | 'negative_variance' {
  const parts = components(study)
  const { msTest, readers, tests } = parts
  if (msTest === null) return 'too_few_readers'
  const denominator = parts.variance - parts.cov1 + (readers - 1) * (parts.cov2 - parts.cov3)
  if (Math.abs(denominator) <= 1e-18) return 'zero_variance'
  if (denominator < 0) return 'negative_variance'
  const chiSquared = ((tests - 1) * msTest) / denominator
  const se = Math.sqrt((2 * denominator) / readers)
  const normal = { df: null, level }
  const pairs = pairsOf(parts.perTest.map((one) => one.mean))
  return {
    target: 'fixed_readers',
    denominator,
    chiSquared,
    df: tests - 1,
    p: chiSquaredUpper(chiSquared, tests - 1),
    differences: pairs.map(({ first, second, difference }) => ({ first, second, ...contrast(difference, se, normal) })),
    means: parts.perTest.map((one) =>
      contrast(one.mean, Math.sqrt(Math.max(0, one.variance + (readers - 1) * one.cov2) / readers), normal),
    ),
    byReader: Array.from({ length: readers }, (_, reader) =>
      pairs.map(({ first, second }) => ({
        reader,
        first,
        second,
        ...readerAlone(study, { reader, first, second, readers, level }),
      })),
    ).flat(),
  }
}

type Alone = { reader: number; first: number; second: number; readers: number; level: number }

function readerAlone({ theta, covariance }: CrossedStudy, { reader, first, second, readers, level }: Alone): Contrast {
  const a = first * readers + reader
  const b = second * readers + reader
  const variance = entryOf(covariance, a, a) + entryOf(covariance, b, b) - 2 * entryOf(covariance, a, b)
  const difference = (theta[first]?.[reader] as number) - (theta[second]?.[reader] as number)
  return contrast(difference, Math.sqrt(Math.max(0, variance)), { df: null, level })
}
