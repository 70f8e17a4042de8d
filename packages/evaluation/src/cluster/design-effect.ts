import { type Clusters, sumByCluster } from './clusters.ts'

/**
 * Design effect of a clustered proportion, var / (p (1-p) / N), and the effective counts of Rao & Scott.
 *
 * @returns null without a variance, or at p = 0 or 1
 * @see Rao & Scott (1992) Biometrics 48:577; methods 2.3
 */
export function raoScott(
  estimate: number,
  variance: number | null,
  n: number,
): { deff: number; effectiveN: number; effectiveSuccesses: number } | null {
  const simple = (estimate * (1 - estimate)) / n
  if (variance === null || variance === 0 || simple === 0) return null
  const deff = variance / simple
  return { deff, effectiveN: n / deff, effectiveSuccesses: (estimate * n) / deff }
}

/**
 * Intraclass correlation of a 0/1 outcome within patients, by one-way analysis of variance.
 *
 * @returns null with one patient, one unit a patient throughout, or no variation
 * @see methods 2.3 (Kish: deff = 1 + (m-1) rho). Oracle: plain R
 */
export function anovaIcc(outcome: ArrayLike<number>, clusters: Clusters): number | null {
  const n = outcome.length
  const count = clusters.count
  if (count < 2 || n <= count) return null
  const sizes = sumByCluster(new Float64Array(n).fill(1), clusters)
  const sums = sumByCluster(outcome, clusters)
  let between = 0
  let sizeSquares = 0
  let total = 0
  for (let k = 0; k < count; k++) {
    between += (sums[k] as number) ** 2 / (sizes[k] as number)
    sizeSquares += (sizes[k] as number) ** 2
    total += sums[k] as number
  }
  let squares = 0
  for (let i = 0; i < n; i++) squares += (outcome[i] as number) ** 2
  const meanSize = (n - sizeSquares / n) / (count - 1)
  const msBetween = (between - total ** 2 / n) / (count - 1)
  const msWithin = (squares - between) / (n - count)
  const below = msBetween + (meanSize - 1) * msWithin
  return below === 0 ? null : (msBetween - msWithin) / below
}
