import { normalQuantile } from '../distribution/normal.ts'

/** Units, and patients of `m` units each, for a half-width `w` of a proportion's interval. */
export type PrecisionPlan = {
  readonly unitsIndependent: number
  /** 1 + (m - 1) ICC. */
  readonly designEffect: number
  readonly units: number
  readonly patients: number
}

/**
 * n = z² p (1-p) / w² × (1 + (m-1) rho), whole patients.
 *
 * @throws {RangeError} p or level outside (0, 1), w not above 0, m below 1
 * @see methods 2.13. Oracle: plain R
 */
export function proportionPrecision(of: {
  p: number
  w: number
  m: number
  icc: number
  level: number
}): PrecisionPlan {
  const { p, w, m, icc, level } = of
  if (!(p > 0 && p < 1 && level > 0 && level < 1 && w > 0 && m >= 1))
    throw new RangeError('proportionPrecision: out of range')
  const unitsIndependent = (normalQuantile((1 + level) / 2) ** 2 * p * (1 - p)) / w ** 2
  const designEffect = 1 + (m - 1) * icc
  const units = Math.ceil(unitsIndependent * designEffect)
  return { unitsIndependent, designEffect, units, patients: Math.ceil(units / m) }
}

/**
 * Size of each of two independent groups to tell two proportions apart, two-sided. Not rounded up.
 *
 * @throws {RangeError} equal proportions, anything outside (0, 1)
 * @see Oracle: R power.prop.test
 */
export function twoProportions(of: { p1: number; p2: number; alpha: number; power: number }): number {
  const { p1, p2, alpha, power } = of
  const inside = [p1, p2, alpha, power].every((one) => one > 0 && one < 1)
  if (!inside || p1 === p2) throw new RangeError('twoProportions: out of range')
  const z = normalQuantile(1 - alpha / 2)
  const pooled = Math.sqrt((p1 + p2) * (1 - (p1 + p2) / 2))
  const apart = Math.sqrt(p1 * (1 - p1) + p2 * (1 - p2))
  return ((z * pooled + normalQuantile(power) * apart) / (p1 - p2)) ** 2
}
