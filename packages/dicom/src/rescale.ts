import type { Dataset } from './dataset.ts'
import { decimalValues } from './values.ts'

/** Modality value = slope × stored value + intercept (PS3.3 §C.11.1.1.2); the identity where a file says nothing. */
export const rescaleOf = (dataset: Dataset | undefined): { rescaleSlope: number; rescaleIntercept: number } => ({
  rescaleSlope: (dataset && decimalValues(dataset, 0x00281053)?.[0]) ?? 1,
  rescaleIntercept: (dataset && decimalValues(dataset, 0x00281052)?.[0]) ?? 0,
})
