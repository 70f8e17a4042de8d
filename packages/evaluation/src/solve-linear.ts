/** Solution of a small linear system by elimination with partial pivoting; null when it is singular. Inputs are not changed. */
export function solveLinear(matrix: readonly (readonly number[])[], right: readonly number[]): number[] | null {
  const n = right.length
  const rows = matrix.map((row, i) => [...row, right[i] as number])
  const scale = Math.max(...matrix.flat().map(Math.abs), 0)
  for (let c = 0; c < n; c++) {
    let pivot = c
    for (let r = c + 1; r < n; r++)
      if (Math.abs(rows[r]?.[c] as number) > Math.abs(rows[pivot]?.[c] as number)) pivot = r
    const lead = rows[pivot] as number[]
    if (Math.abs(lead[c] as number) <= 1e-12 * scale) return null
    ;[rows[c], rows[pivot]] = [lead, rows[c] as number[]]
    for (let r = 0; r < n; r++) {
      if (r === c) continue
      const target = rows[r] as number[]
      const factor = (target[c] as number) / (lead[c] as number)
      for (let k = c; k <= n; k++) target[k] = (target[k] as number) - factor * (lead[k] as number)
    }
  }
  return rows.map((row, i) => (row[n] as number) / (row[i] as number))
}
