import type { CellFeature } from '../../packages/grading/src/feature.ts'
import type { Modality } from '../../packages/grading/src/modality.ts'

/** One visible cell of a held-out phantom: what was built in, and what the served model said. */
export type CellRow = {
  patient: string
  modality: Modality
  level: string
  feature: CellFeature | 'severity-by-rule'
  ageYears: number
  sex: 'F' | 'M'
  truth: number
  grade: number
  /** P(grade ≥ k), k = 1, 2, 3; none for a derived severity. */
  atLeast: number[] | null
}

/** One joint of a held-out phantom and the localiser's proposal for it. */
export type PointRow = {
  modality: Modality
  level: string
  /** Distance to the true point of the same name, mm; null: not proposed. */
  errorMm: number | null
  /** The nearest true level, whatever its name. */
  nearestLevel: string | null
}

export type HeldOut = {
  cells: CellRow[]
  points: PointRow[]
  abstained: Record<string, number>
  milliseconds: { grading: number; joints: number; locating: number; exams: number }
}
