import type { RocPoint } from './roc-curve.ts'

export type PartialArea = {
  readonly area: number
  /** McClish: .5 (1 + (area - chance) / (best - chance)); .5 is chance, 1 is perfect. */
  readonly standardised: number
}

/**
 * Partial area under the ROC curve over specificities from `from` to 1 (`axis: 'specificity'`) or over sensitivities from
 * `from` to 1 (`'sensitivity'`), trapezoids with linear interpolation at the border.
 *
 * @param from  in [0, 1); .8 keeps false-positive rates up to .2
 * @throws {RangeError} from outside [0, 1)
 * @see McClish (1989) Med Decis Making 9:190; methods 2.4. Oracle: pROC 1.18.0 auc(partial.auc), scikit-learn 1.2.1 max_fpr
 */
export function partialAuc(curve: readonly RocPoint[], axis: 'specificity' | 'sensitivity', from: number): PartialArea {
  if (!(from >= 0 && from < 1)) throw new RangeError(`partialAuc: from ${from}`)
  // Along specificity: x is 1 - specificity, height is sensitivity. Along sensitivity: x is 1 - sensitivity, height specificity.
  const line = curve.map((one) =>
    axis === 'specificity'
      ? ([1 - one.specificity, one.sensitivity] as const)
      : ([1 - one.sensitivity, one.specificity] as const),
  )
  if (axis === 'specificity') line.reverse()
  const width = 1 - from
  const area = areaUpTo(line, width)
  const chance = width ** 2 / 2
  return { area, standardised: 0.5 * (1 + (area - chance) / (width - chance)) }
}

/** Area under points with rising x, from 0 to `width`. */
function areaUpTo(line: readonly (readonly [number, number])[], width: number): number {
  let area = 0
  for (let i = 1; i < line.length; i++) {
    const [x0, y0] = line[i - 1] as readonly [number, number]
    const [x1, y1] = line[i] as readonly [number, number]
    if (x0 >= width) break
    const end = Math.min(x1, width)
    const height = x1 === x0 ? y1 : y0 + ((y1 - y0) * (end - x0)) / (x1 - x0)
    area += ((y0 + height) / 2) * (end - x0)
  }
  return area
}

/** Sensitivity at a specificity, or specificity at a sensitivity, interpolated on the empirical curve. @throws {RangeError} value outside [0, 1] */
export function rocValueAt(curve: readonly RocPoint[], given: 'specificity' | 'sensitivity', value: number): number {
  if (!(value >= 0 && value <= 1)) throw new RangeError(`rocValueAt: ${value}`)
  const wanted = given === 'specificity' ? 'sensitivity' : 'specificity'
  // The curve starts with specificity 0; of the points at a given value the best stands.
  let best = 0
  for (let i = 1; i < curve.length; i++) {
    const a = curve[i - 1] as RocPoint
    const b = curve[i] as RocPoint
    const low = Math.min(a[given], b[given])
    const high = Math.max(a[given], b[given])
    if (value < low || value > high) continue
    const share = high === low ? 0 : (value - a[given]) / (b[given] - a[given])
    best = Math.max(best, high === low ? Math.max(a[wanted], b[wanted]) : a[wanted] + share * (b[wanted] - a[wanted]))
  }
  return best
}
