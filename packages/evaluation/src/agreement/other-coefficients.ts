import { margins, type RatingTable } from './rating-table.ts'

/**
 * Scott's pi: chance agreement from the mean margin.
 *
 * @returns unitless; `no_units`, or `one_category` when chance agreement is 1
 * @see Scott (1955) Public Opin Q 19:321. Oracle: irrCAC 1.0 scott2.table
 */
export function scottPi(table: RatingTable): number | 'no_units' | 'one_category' {
  if (table.n === 0) return 'no_units'
  const { first, second } = margins(table)
  const chance = first.reduce((sum, p, k) => sum + ((p + (second[k] as number)) / 2) ** 2, 0)
  return 1 - chance <= 1e-15 ? 'one_category' : (agreement(table) - chance) / (1 - chance)
}

/**
 * Brennan & Prediger's coefficient: chance agreement 1/q on the declared scale.
 *
 * @returns unitless; `no_units`, or `one_category` on a scale of one
 * @see Brennan & Prediger (1981) Educ Psychol Meas 41:687. Oracle: irrCAC 1.0 bp2.table
 */
export function brennanPrediger(table: RatingTable): number | 'no_units' | 'one_category' {
  if (table.n === 0) return 'no_units'
  if (table.size < 2) return 'one_category'
  const chance = 1 / table.size
  return (agreement(table) - chance) / (1 - chance)
}

function agreement({ size, counts, n }: RatingTable): number {
  let same = 0
  for (let k = 0; k < size; k++) same += counts[k * size + k] as number
  return same / n
}
