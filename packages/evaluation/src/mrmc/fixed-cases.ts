import { fUpper } from '../distribution/f-ratio.ts'
import type { Components } from './components.ts'
import { type Contrast, contrast, pairsOf } from './contrast.ts'

export type FixedCases = {
  readonly f: number
  readonly df1: number
  readonly df2: number
  readonly p: number
  readonly differences: readonly (Contrast & { first: number; second: number })[]
  readonly means: readonly Contrast[]
}

/**
 * Readers like these, these very patients (RRFC): F = MS(T) / MS(TR) on I-1 and (I-1)(J-1). A second line only.
 *
 * @returns `too_few_readers` with one reader or one test, `zero_variance` when all differences are alike
 * @see methods 2.6. Oracle: MRMCaov 0.3.0 fixed(case), RJafroc 2.1.2 RRFC
 */
export function fixedCases(parts: Components, level: number): FixedCases | 'too_few_readers' | 'zero_variance' {
  const { msTest, msTestReader, readers, tests } = parts
  if (msTest === null || msTestReader === null) return 'too_few_readers'
  if (!(msTestReader > 1e-18)) return 'zero_variance'
  const df1 = tests - 1
  const df2 = df1 * (readers - 1)
  const f = msTest / msTestReader
  const se = Math.sqrt((2 * msTestReader) / readers)
  return {
    f,
    df1,
    df2,
    p: fUpper(f, df1, df2),
    differences: pairsOf(parts.perTest.map((one) => one.mean)).map(({ first, second, difference }) => ({
      first,
      second,
      ...contrast(difference, se, { df: df2, level }),
    })),
    means: parts.perTest.map((one) =>
      contrast(one.mean, Math.sqrt((one.msReader ?? 0) / readers), { df: readers - 1, level }),
    ),
  }
}
