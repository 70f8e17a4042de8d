import { onScale } from '../agreement/rating-table.ts'

/** Units by true class (down) and called class (across), on the declared scale. */
export type ConfusionMatrix = { readonly size: number; readonly counts: Float64Array; readonly n: number }

/**
 * @param truth, called  classes per unit, integers in [0, size)
 * @throws {RangeError} lengths differ, no units, a class off the scale
 */
export function confusionMatrix(truth: ArrayLike<number>, called: ArrayLike<number>, size: number): ConfusionMatrix {
  if (truth.length !== called.length)
    throw new RangeError(`confusionMatrix: ${truth.length} and ${called.length} units`)
  if (truth.length === 0) throw new RangeError('confusionMatrix: no units')
  const counts = new Float64Array(size * size)
  for (let i = 0; i < truth.length; i++) {
    const cell = onScale(truth[i], size) * size + onScale(called[i], size)
    counts[cell] = (counts[cell] as number) + 1
  }
  return { size, counts, n: truth.length }
}

export type OneVersusRest = { readonly tp: number; readonly fp: number; readonly fn: number; readonly tn: number }

/** Counts of each class against all others. */
export function oneVersusRest({ size, counts, n }: ConfusionMatrix): OneVersusRest[] {
  return Array.from({ length: size }, (_, c) => {
    let ofTruth = 0
    let ofCalled = 0
    for (let other = 0; other < size; other++) {
      ofTruth += counts[c * size + other] as number
      ofCalled += counts[other * size + c] as number
    }
    const tp = counts[c * size + c] as number
    return { tp, fp: ofCalled - tp, fn: ofTruth - tp, tn: n - ofTruth - ofCalled + tp }
  })
}
