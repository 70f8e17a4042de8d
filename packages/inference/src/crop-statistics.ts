import type { JointCrop } from './joint-crop.ts'
import { PREPROCESSING } from './preprocessing.ts'

/** Mean and standard deviation of the values of the groups that are present. */
export function cropStatistics(
  { values, present }: Pick<JointCrop, 'values' | 'present'>,
  depth: number,
): { mean: number; standardDeviation: number } {
  const size = depth * PREPROCESSING.crop.seen.rows * PREPROCESSING.crop.seen.columns
  let count = 0
  let sum = 0
  let squares = 0
  for (const [group, is] of present.entries()) {
    if (is !== 1) continue
    for (let at = group * size; at < (group + 1) * size; at += 1) {
      const value = values[at] ?? 0
      sum += value
      squares += value * value
    }
    count += size
  }
  const mean = sum / count
  return { mean, standardDeviation: Math.sqrt(Math.max(0, squares / count - mean * mean)) }
}
