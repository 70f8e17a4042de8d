import { categoryCounts, type RatingMatrix } from './rating-matrix.ts'

export type AlphaMetric = 'nominal' | 'ordinal' | 'interval' | 'ratio'

/**
 * Krippendorff's alpha: 1 - (n-1) sum o d / sum n_a n_b d over coincidences of units with two ratings or more.
 *
 * @param values  positions of the categories for `interval` and `ratio`; 0, 1, 2 … when absent
 * @returns null `no_units` without a comparable unit, `one_category` when only one value occurs. Interval: cluster bootstrap
 * @see Krippendorff (2011); methods 2.8. Oracle: irrCAC 1.0 krippen.alpha.raw (irr 0.84.1 is wrong for complete data, > 2 raters)
 */
export function krippendorffAlpha(
  ratings: RatingMatrix,
  metric: AlphaMetric,
  values?: readonly number[],
): number | 'no_units' | 'one_category' {
  const { size, subjects } = ratings
  const { counts, rated } = categoryCounts(ratings)
  const coincidence = new Float64Array(size * size)
  const margin = new Float64Array(size)
  let n = 0
  for (let i = 0; i < subjects; i++) {
    const m = rated[i] as number
    if (m < 2) continue
    n += m
    for (let a = 0; a < size; a++) {
      const ofA = counts[i * size + a] as number
      if (ofA === 0) continue
      margin[a] = (margin[a] as number) + ofA
      for (let b = 0; b < size; b++) {
        const pairs = ofA * ((counts[i * size + b] as number) - (a === b ? 1 : 0))
        coincidence[a * size + b] = (coincidence[a * size + b] as number) + pairs / (m - 1)
      }
    }
  }
  if (n === 0) return 'no_units'
  const distance = distances(metric, margin, values)
  let observed = 0
  let expected = 0
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < size; b++) {
      const d = distance[a * size + b] as number
      observed += (coincidence[a * size + b] as number) * d
      expected += (margin[a] as number) * (margin[b] as number) * d
    }
  }
  return expected === 0 ? 'one_category' : 1 - ((n - 1) * observed) / expected
}

function distances(metric: AlphaMetric, margin: Float64Array, values: readonly number[] | undefined): Float64Array {
  const size = margin.length
  const at = new Float64Array(size * size)
  const position = (k: number): number => values?.[k] ?? k
  for (let a = 0; a < size; a++) {
    for (let b = a + 1; b < size; b++) {
      const d = distance(metric, { a: position(a), b: position(b), between: between(margin, a, b) })
      at[a * size + b] = d
      at[b * size + a] = d
    }
  }
  return at
}

/** Ratings from category a to b, the two ends counted half. */
function between(margin: Float64Array, a: number, b: number): number {
  let total = 0
  for (let g = a; g <= b; g++) total += margin[g] as number
  return total - ((margin[a] as number) + (margin[b] as number)) / 2
}

function distance(metric: AlphaMetric, { a, b, between: ranks }: { a: number; b: number; between: number }): number {
  switch (metric) {
    case 'nominal':
      return 1
    case 'ordinal':
      return ranks ** 2
    case 'interval':
      return (a - b) ** 2
    case 'ratio':
      return a + b === 0 ? 0 : ((a - b) / (a + b)) ** 2
  }
}
