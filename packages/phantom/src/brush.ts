/** Intensities of one point in up to two contrasts at once: geometry is looked up once and coloured twice. */
export type Brush = {
  fill(tissue: number): void
  /** Covers a share 0 … 1 of the point with a tissue. */
  paint(tissue: number, share: number): void
  /** The same with `grains` amplitudes of the contrast's grain added to the tissue's intensity. */
  paintGrained(tissue: number, share: number, grains: number): void
  readonly first: number
  readonly second: number
}

const GRAIN = 18

export function brushOf(first: Float64Array, second: Float64Array = first): Brush {
  // In an array, because V8 would box closed-over numbers anew at each stroke.
  const now = new Float64Array(2)
  return {
    fill(tissue) {
      now[0] = first[tissue] as number
      now[1] = second[tissue] as number
    },
    paint(tissue, share) {
      if (share <= 0) return
      const one = now[0] as number
      const two = now[1] as number
      now[0] = one + ((first[tissue] as number) - one) * share
      now[1] = two + ((second[tissue] as number) - two) * share
    },
    paintGrained(tissue, share, grains) {
      if (share <= 0) return
      const one = now[0] as number
      const two = now[1] as number
      now[0] = one + ((first[tissue] as number) + grains * (first[GRAIN] as number) - one) * share
      now[1] = two + ((second[tissue] as number) + grains * (second[GRAIN] as number) - two) * share
    },
    get first() {
      return now[0] as number
    },
    get second() {
      return now[1] as number
    },
  }
}
