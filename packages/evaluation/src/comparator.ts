import type { CellValue } from '@facetgrade/grading/cell'
import type { CellFeature } from '@facetgrade/grading/feature'
import type { Level, Side } from '@facetgrade/grading/joint'
import type { Modality } from '@facetgrade/grading/modality'
import type { Protocol } from '@facetgrade/grading/protocol'

/** One question of the test part, with what the reference and each rater answered. */
export type EvaluationCell = {
  readonly patientCode: string
  readonly modality: Modality
  readonly level: Level
  readonly side: Side
  readonly feature: CellFeature
  /** From the target modality where the protocol names one. */
  readonly reference: CellValue
  /** Answers by comparator code, reference readers among them. A rater without an entry has not graded the cell. */
  readonly ratings: Readonly<Record<string, CellValue>>
  /** Calibrated probabilities by model, one per grade of the rater's scale; absent where the model abstained. */
  readonly probabilities?: Readonly<Record<string, readonly number[]>>
  /** Did the reference readers have to settle it together? Absent where they have no consensus. */
  readonly isAdjudicated?: boolean
}

/** What an evaluation reads of a protocol. */
export type EvaluationProtocol = Pick<
  Protocol,
  'endpoints' | 'features' | 'globalGrade' | 'modalities' | 'readerGroups' | 'referenceTargets'
> & { readonly severity: Pick<Protocol['severity'], 'levels'> }
