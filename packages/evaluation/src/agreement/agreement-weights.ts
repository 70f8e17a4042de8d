export type WeightScheme = 'unweighted' | 'linear' | 'quadratic' | 'ordinal'

/** Agreement weights of a scale, row by row; symmetric, 1 on the diagonal. */
export type AgreementWeights = { readonly size: number; readonly at: Float64Array }

/**
 * Weights on the DECLARED scale of `size` categories, never on those that happened to be used: linear 1 - |i-j|/(q-1),
 * quadratic 1 - (i-j)^2/(q-1)^2, ordinal 1 - C(|i-j|+1, 2)/C(q, 2), unweighted 1 on the diagonal alone.
 *
 * @param values  positions of the categories where they are not 0, 1, 2 … (linear and quadratic)
 * @throws {RangeError} fewer than one category
 * @see Cohen (1968); Gwet (2014). Oracle: irrCAC 1.0 linear.weights, quadratic.weights, ordinal.weights
 */
export function agreementWeights(scheme: WeightScheme, size: number, values?: readonly number[]): AgreementWeights {
  if (!Number.isInteger(size) || size < 1) throw new RangeError(`agreementWeights: ${size} categories`)
  const at = new Float64Array(size * size)
  const position = (i: number): number => values?.[i] ?? i
  const span = Math.abs(position(size - 1) - position(0))
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++)
      at[i * size + j] = weight(scheme, {
        steps: Math.abs(i - j),
        size,
        span,
        distance: Math.abs(position(i) - position(j)),
      })
  }
  return { size, at }
}

function weight(scheme: WeightScheme, pair: { steps: number; size: number; span: number; distance: number }): number {
  if (pair.steps === 0) return 1
  switch (scheme) {
    case 'unweighted':
      return 0
    case 'linear':
      return 1 - pair.distance / pair.span
    case 'quadratic':
      return 1 - (pair.distance / pair.span) ** 2
    case 'ordinal':
      return 1 - (pair.steps * (pair.steps + 1)) / (pair.size * (pair.size - 1))
  }
}
