import betainc from '@stdlib/math-base-special-betainc'
import gammaln from '@stdlib/math-base-special-gammaln'

/** P(X <= successes). Oracle: R pbinom. @throws {RangeError} trials not a whole number >= 0, probability outside [0, 1] */
export function binomialCdf(successes: number, trials: number, probability: number): number {
  assertBinomial(trials, probability)
  const k = Math.floor(successes)
  if (k < 0) return 0
  if (k >= trials) return 1
  return betainc(probability, k + 1, trials - k, true, true)
}

/** P(X > successes). Throws as `binomialCdf`. */
export function binomialUpper(successes: number, trials: number, probability: number): number {
  assertBinomial(trials, probability)
  const k = Math.floor(successes)
  if (k < 0) return 1
  if (k >= trials) return 0
  return betainc(probability, k + 1, trials - k, true, false)
}

/** P(X = successes). Oracle: R dbinom. Throws as `binomialCdf`. */
export function binomialMass(successes: number, trials: number, probability: number): number {
  assertBinomial(trials, probability)
  if (!Number.isInteger(successes) || successes < 0 || successes > trials) return 0
  if (probability === 0) return successes === 0 ? 1 : 0
  if (probability === 1) return successes === trials ? 1 : 0
  const choose = gammaln(trials + 1) - gammaln(successes + 1) - gammaln(trials - successes + 1)
  return Math.exp(choose + successes * Math.log(probability) + (trials - successes) * Math.log1p(-probability))
}

function assertBinomial(trials: number, probability: number): void {
  if (!Number.isInteger(trials) || trials < 0) throw new RangeError(`binomial: ${trials} trials`)
  if (!(probability >= 0 && probability <= 1)) throw new RangeError(`binomial: probability ${probability}`)
}
