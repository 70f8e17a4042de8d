/** Grades of several raters: `at[subject * raters + rater]` is the category, or -1 where the rating is missing. */
export type RatingMatrix = {
  readonly subjects: number
  readonly raters: number
  /** Categories of the declared scale. */
  readonly size: number
  readonly at: Int16Array
}

/**
 * @param rows  per subject, one grade per rater in [0, size), null where missing. Subjects without any rating are left out
 * @throws {RangeError} no subject with a rating, fewer than two raters, rows of unequal length, a grade off the scale
 */
export function ratingMatrix(rows: readonly (readonly (number | null)[])[], size: number): RatingMatrix {
  const rated = rows.filter((row) => row.some((grade) => grade !== null))
  const raters = rated[0]?.length ?? 0
  if (raters < 2) throw new RangeError(`ratingMatrix: ${rated.length} subjects, ${raters} raters`)
  const at = new Int16Array(rated.length * raters)
  rated.forEach((row, i) => {
    if (row.length !== raters) throw new RangeError(`ratingMatrix: subject ${i} has ${row.length} of ${raters} ratings`)
    row.forEach((grade, j) => {
      if (grade !== null && !(Number.isInteger(grade) && grade >= 0 && grade < size)) {
        throw new RangeError(`ratingMatrix: grade ${grade} is off the scale of ${size}`)
      }
      at[i * raters + j] = grade ?? -1
    })
  })
  return { subjects: rated.length, raters, size, at }
}

/** Per subject, how many raters chose each category, and how many rated at all. */
export function categoryCounts({ subjects, raters, size, at }: RatingMatrix): {
  counts: Float64Array
  rated: Float64Array
} {
  const counts = new Float64Array(subjects * size)
  const rated = new Float64Array(subjects)
  for (let i = 0; i < subjects; i++) {
    for (let j = 0; j < raters; j++) {
      const grade = at[i * raters + j] as number
      if (grade < 0) continue
      counts[i * size + grade] = (counts[i * size + grade] as number) + 1
      rated[i] = (rated[i] as number) + 1
    }
  }
  return { counts, rated }
}

/** Share of the subjects rated by everyone on whom all agree; null when there is none. Oracle: irr 0.84.1 agree */
export function shareOfUnanimous({ subjects, raters, at }: RatingMatrix): number | null {
  let complete = 0
  let unanimous = 0
  for (let i = 0; i < subjects; i++) {
    const row = at.subarray(i * raters, (i + 1) * raters)
    if (row.includes(-1)) continue
    complete++
    if (row.every((grade) => grade === row[0])) unanimous++
  }
  return complete === 0 ? null : unanimous / complete
}
