/** Mean of the values; 0 of none, which callers rule out. */
export function mean(values: ArrayLike<number>): number {
  let total = 0
  for (let i = 0; i < values.length; i++) total += values[i] as number
  return values.length === 0 ? 0 : total / values.length
}

/** Sum of squared deviations from the mean. */
export function deviance(values: ArrayLike<number>): number {
  const centre = mean(values)
  let total = 0
  for (let i = 0; i < values.length; i++) total += ((values[i] as number) - centre) ** 2
  return total
}

/** Sample covariance with n - 1 below the line. Callers rule out fewer than two values and unequal lengths. */
export function sampleCovariance(first: ArrayLike<number>, second: ArrayLike<number>): number {
  const a = mean(first)
  const b = mean(second)
  let total = 0
  for (let i = 0; i < first.length; i++) total += ((first[i] as number) - a) * ((second[i] as number) - b)
  return total / (first.length - 1)
}
