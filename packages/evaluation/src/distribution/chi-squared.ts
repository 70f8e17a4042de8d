import gammainc from '@stdlib/math-base-special-gammainc'
import quantile from '@stdlib/stats-base-dists-chisquare-quantile'

/**
 * P(X > x), by the upper incomplete gamma function.
 *
 * @throws {RangeError} df not above 0
 * @see Abramowitz & Stegun 26.4.19. Oracle: R pchisq(lower.tail = FALSE).
 */
export function chiSquaredUpper(x: number, df: number): number {
  if (!(df > 0)) throw new RangeError(`chiSquaredUpper: df ${df}`)
  return x <= 0 ? 1 : gammainc(x / 2, df / 2, true, true)
}

/**
 * Quantile of chi-squared. Oracle: R qchisq.
 *
 * @throws {RangeError} probability outside (0, 1), df not above 0
 */
export function chiSquaredQuantile(probability: number, df: number): number {
  if (!(probability > 0 && probability < 1)) throw new RangeError(`chiSquaredQuantile: probability ${probability}`)
  if (!(df > 0)) throw new RangeError(`chiSquaredQuantile: df ${df}`)
  return quantile(probability, df)
}
