/** Joint distribution of two raters on one scale: counts row by row, rater A down, rater B across. */
export type RatingTable = { readonly size: number; readonly counts: Float64Array; readonly n: number }

/**
 * @param first, second  grades per unit, integers in [0, size)
 * @throws {RangeError} lengths differ, a grade off the scale
 */
export function ratingTable(first: ArrayLike<number>, second: ArrayLike<number>, size: number): RatingTable {
  if (first.length !== second.length) throw new RangeError(`ratingTable: ${first.length} and ${second.length} grades`)
  const counts = new Float64Array(size * size)
  for (let i = 0; i < first.length; i++) {
    const cell = onScale(first[i], size) * size + onScale(second[i], size)
    counts[cell] = (counts[cell] as number) + 1
  }
  return { size, counts, n: first.length }
}

/** @throws {RangeError} when the grade is no integer in [0, size) */
export function onScale(grade: number | undefined, size: number): number {
  if (grade === undefined || !Number.isInteger(grade) || grade < 0 || grade >= size) {
    throw new RangeError(`grade ${grade} is off the scale of ${size}`)
  }
  return grade
}

/** Shares of each category by rater A and by rater B. */
export function margins(table: RatingTable): { first: Float64Array; second: Float64Array } {
  const { size, counts, n } = table
  const first = new Float64Array(size)
  const second = new Float64Array(size)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const share = (counts[i * size + j] as number) / n
      first[i] = (first[i] as number) + share
      second[j] = (second[j] as number) + share
    }
  }
  return { first, second }
}
