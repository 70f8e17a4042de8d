/**
 * Sample quantile of sorted values, definition 6 (n + 1) or 7 (n - 1, the default of R and NumPy).
 *
 * @param sorted  rising, at least one
 * @throws {RangeError} no values, probability outside [0, 1]
 * @see Hyndman & Fan (1996) Am Stat 50:361. Oracle: R quantile(type = 6, 7)
 */
export function quantile(sorted: ArrayLike<number>, probability: number, type: 6 | 7): number {
  const n = sorted.length
  if (n === 0) throw new RangeError('quantile: no values')
  if (!(probability >= 0 && probability <= 1)) throw new RangeError(`quantile: probability ${probability}`)
  const place = type === 7 ? 1 + (n - 1) * probability : Math.min(n, Math.max(1, (n + 1) * probability))
  // R's fuzz: a place a few rounding errors below a whole number is that number.
  const whole = Math.floor(place + 4 * Number.EPSILON)
  const share = Math.abs(place - whole) < 4 * Number.EPSILON ? 0 : place - whole
  const low = sorted[Math.max(0, whole - 1)] as number
  return share === 0 ? low : low + share * ((sorted[Math.min(n - 1, whole)] as number) - low)
}
