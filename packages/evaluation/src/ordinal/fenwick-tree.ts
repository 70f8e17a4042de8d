export type FenwickTree = {
  /** Counts one more at a place, 1 up to the size. */
  readonly add: (place: number) => void
  /** How many were counted at places up to and including this one. */
  readonly upTo: (place: number) => number
}

/** Running counts in O(log n). Fenwick (1994) Softw Pract Exp 24:327. */
export function fenwickTree(size: number): FenwickTree {
  const at = new Int32Array(size + 1)
  return {
    add(place) {
      for (let i = place; i <= size; i += i & -i) at[i] = (at[i] as number) + 1
    },
    upTo(place) {
      let total = 0
      for (let i = place; i > 0; i -= i & -i) total += at[i] as number
      return total
    },
  }
}
