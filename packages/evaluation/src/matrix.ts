/** Square matrix, row by row. */
export type SquareMatrix = { readonly size: number; readonly at: Float64Array }

/** Symmetric matrix from its upper triangle: every pair is computed once. */
export function symmetricMatrix(size: number, entry: (row: number, column: number) => number): SquareMatrix {
  const at = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    for (let j = i; j < size; j++) {
      const value = entry(i, j)
      at[i * size + j] = value
      at[j * size + i] = value
    }
  }
  return { size, at }
}

/** @throws {RangeError} outside the matrix */
export function entryOf(matrix: SquareMatrix, row: number, column: number): number {
  const value = row < matrix.size && column < matrix.size ? matrix.at[row * matrix.size + column] : undefined
  if (value === undefined) throw new RangeError(`no entry ${row}, ${column} in a matrix of ${matrix.size}`)
  return value
}

/** Rows of the matrix as plain arrays. */
export function rowsOf({ size, at }: SquareMatrix): number[][] {
  return Array.from({ length: size }, (_, i) => [...at.subarray(i * size, (i + 1) * size)])
}
