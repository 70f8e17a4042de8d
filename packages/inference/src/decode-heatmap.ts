/** A place in a heatmap, in its cells, and how much of the map's mass lies around it. */
export type HeatmapPeak = {
  readonly row: number
  readonly column: number
  readonly mass: number
  readonly logPeak: number
}

export type Heatmap = { readonly values: Float32Array; readonly rows: number; readonly columns: number }

const MOST_PEAKS = 8
/** Half widths, in cells, of the windows for the place and for its confidence. */
const CENTROID = 2
const CONFIDENCE = 3

/** The highest local maxima of a map, best first: place to a fraction of a cell, mass in a window around. */
export function heatmapPeaks(map: Heatmap): HeatmapPeak[] {
  const { values, rows, columns } = map
  const found: { row: number; column: number; value: number }[] = []
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const value = values[row * columns + column] ?? 0
      if (value > 0 && isHighest(map, row, column)) found.push({ row, column, value })
    }
  }
  return found
    .toSorted((a, b) => b.value - a.value)
    .slice(0, MOST_PEAKS)
    .map(({ row, column, value }) => ({
      ...centroid(map, row, column),
      mass: Math.min(1, windowSum(map, { row, column, half: CONFIDENCE }).sum),
      logPeak: Math.log(value),
    }))
}

/** No neighbour is higher, and none before it as high. */
function isHighest({ values, rows, columns }: Heatmap, row: number, column: number): boolean {
  const here = values[row * columns + column] ?? 0
  for (let r = Math.max(0, row - 1); r <= Math.min(rows - 1, row + 1); r += 1) {
    for (let c = Math.max(0, column - 1); c <= Math.min(columns - 1, column + 1); c += 1) {
      const other = values[r * columns + c] ?? 0
      const isBefore = r < row || (r === row && c < column)
      if (other > here || (isBefore && other === here)) return false
    }
  }
  return true
}

function centroid(map: Heatmap, row: number, column: number): { row: number; column: number } {
  const { sum, row: rows, column: columns } = windowSum(map, { row, column, half: CENTROID })
  return { row: rows / sum, column: columns / sum }
}

type Window = { readonly row: number; readonly column: number; readonly half: number }

function windowSum(
  { values, rows, columns }: Heatmap,
  { row, column, half }: Window,
): { sum: number; row: number; column: number } {
  const total = { sum: 0, row: 0, column: 0 }
  for (let r = Math.max(0, row - half); r <= Math.min(rows - 1, row + half); r += 1) {
    for (let c = Math.max(0, column - half); c <= Math.min(columns - 1, column + half); c += 1) {
      const value = values[r * columns + c] ?? 0
      total.sum += value
      total.row += value * r
      total.column += value * c
    }
  }
  return total
}

/** Neighbouring levels lie at least so many cells apart (4 mm cells: 12 mm). */
const LEAST_STEP = 3

/**
 * One peak per map, the rows rising from map to map: of all such choices the one with the largest sum of log
 * probabilities. Undefined where there is none.
 */
export function orderedPeaks(maps: readonly Heatmap[]): { peaks: HeatmapPeak[]; score: number } | undefined {
  let best: { peaks: HeatmapPeak[]; score: number }[] = [{ peaks: [], score: 0 }]
  for (const map of maps) {
    const next: typeof best = []
    for (const peak of heatmapPeaks(map)) {
      let chosen: (typeof best)[number] | undefined
      for (const before of best) {
        const last = before.peaks.at(-1)
        if (last !== undefined && peak.row < last.row + LEAST_STEP) continue
        if (chosen === undefined || before.score > chosen.score) chosen = before
      }
      if (chosen) next.push({ peaks: [...chosen.peaks, peak], score: chosen.score + peak.logPeak })
    }
    best = next
  }
  return best.toSorted((a, b) => b.score - a.score)[0]
}
