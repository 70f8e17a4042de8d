/** A place in the grid: row is a joint, column a feature. */
export type Place = { row: number; column: number }
type Size = { rows: number; columns: number }

/** Where a key of movement leads; undefined for any other key. Never beyond the edge. */
export function moved({ row, column }: Place, key: string, { rows, columns }: Size): Place | undefined {
  switch (key) {
    case 'ArrowUp':
      return { row: Math.max(0, row - 1), column }
    case 'ArrowDown':
      return { row: Math.min(rows - 1, row + 1), column }
    case 'ArrowLeft':
      return { row, column: Math.max(0, column - 1) }
    case 'ArrowRight':
      return { row, column: Math.min(columns - 1, column + 1) }
    case 'Home':
      return { row, column: 0 }
    case 'End':
      return { row, column: columns - 1 }
    default:
      return undefined
  }
}

/** The next cell in the order of the form: along the row, then the next joint. The last one stays. */
export function advanced({ row, column }: Place, { rows, columns }: Size): Place {
  if (column < columns - 1) return { row, column: column + 1 }
  return row < rows - 1 ? { row: row + 1, column: 0 } : { row, column }
}
