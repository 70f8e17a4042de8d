import { chiSquaredUpper } from '../distribution/chi-squared.ts'
import type { McNemar, PairedTable } from './mcnemar.ts'

/**
 * McNemar with patients as sampling units: (K-1)/K (sum (b_k - c_k))² / sum (b_k - c_k)². Same target as the linearised
 * difference.
 *
 * @param patients  counts of joints per patient
 * @returns null below two patients or without an imbalance in any of them
 * @see Obuchowski (1998) Stat Med 17:1495. Oracle: clust.bin.pair 0.1.2
 */
export function obuchowskiMcNemar(patients: readonly PairedTable[]): McNemar | null {
  const count = patients.length
  let sum = 0
  let squares = 0
  for (const { first, second } of patients) {
    sum += first - second
    squares += (first - second) ** 2
  }
  if (count < 2 || squares === 0) return null
  const statistic = (((count - 1) / count) * sum ** 2) / squares
  return { statistic, p: chiSquaredUpper(statistic, 1) }
}

/**
 * Durkalski's test: every patient weighs the same, (sum (b_k - c_k)/n_k)² / sum ((b_k - c_k)/n_k)². Another target.
 *
 * @returns null as `obuchowskiMcNemar`
 * @throws {RangeError} a patient without joints
 * @see Durkalski (2003) Stat Med 22:2417. Oracle: clust.bin.pair 0.1.2
 */
export function durkalskiMcNemar(patients: readonly PairedTable[]): McNemar | null {
  let sum = 0
  let squares = 0
  for (const { both, first, second, neither } of patients) {
    const joints = both + first + second + neither
    if (joints === 0) throw new RangeError('durkalskiMcNemar: a patient without joints')
    const share = (first - second) / joints
    sum += share
    squares += share ** 2
  }
  if (patients.length < 2 || squares === 0) return null
  const statistic = sum ** 2 / squares
  return { statistic, p: chiSquaredUpper(statistic, 1) }
}
