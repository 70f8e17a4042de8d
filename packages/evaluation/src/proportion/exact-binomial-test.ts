import { binomialCdf, binomialMass, binomialUpper } from '../distribution/binomial.ts'
import { assertCount } from './proportion-count.ts'

export type Alternative = 'two-sided' | 'greater' | 'less'

/**
 * Exact binomial test of P(success) = `probability`. Two-sided: all outcomes no likelier than the observed one.
 *
 * @throws {RangeError} as `assertCount`; probability outside [0, 1]
 * @see Oracle: R binom.test (with its relative tolerance of 1e-7 on ties)
 */
export function exactBinomialTest(
  successes: number,
  trials: number,
  of: { probability: number; alternative: Alternative },
): number {
  const { probability, alternative } = of
  assertCount('exactBinomialTest', { successes, trials, level: 0.95 })
  if (alternative === 'greater') return binomialUpper(successes - 1, trials, probability)
  if (alternative === 'less') return binomialCdf(successes, trials, probability)
  if (probability === 0 || probability === 1) return successes === trials * probability ? 1 : 0
  return twoSided(successes, trials, probability)
}

function twoSided(x: number, n: number, p: number): number {
  const limit = binomialMass(x, n, p) * (1 + 1e-7)
  const centre = n * p
  if (x === centre) return 1
  const asLikely = (from: number, to: number): number => {
    let count = 0
    for (let k = from; k <= to; k++) if (binomialMass(k, n, p) <= limit) count++
    return count
  }
  if (x < centre) {
    const above = asLikely(Math.ceil(centre), n)
    return Math.min(1, binomialCdf(x, n, p) + binomialUpper(n - above, n, p))
  }
  const below = asLikely(0, Math.floor(centre))
  return Math.min(1, binomialCdf(below - 1, n, p) + binomialUpper(x - 1, n, p))
}
