import type { CellValue } from '@facetgrade/grading/cell'
import type { CellFeature } from '@facetgrade/grading/feature'
import type { Modality } from '@facetgrade/grading/modality'
import { onScale } from '../agreement/rating-table.ts'
import type { EvaluationCell, EvaluationProtocol } from '../comparator.ts'
import { cutGrade, scaleSize } from '../protocol-scale.ts'

/** In place of a grade. Missing is not zero: none of them is a grade. */
export const NOT_GRADED = -1
export const NOT_ASSESSABLE = -2
export const NOT_APPLICABLE = -3

/** Everything known about one feature in one modality, a place per joint: what all analyses read. */
export type Question = {
  readonly modality: Modality
  readonly referenceModality: Modality
  readonly feature: CellFeature
  readonly raterScale: number
  readonly referenceScale: number
  /** Positive at this grade or more, of the rater's scale and of the reference's. */
  readonly raterCut: number
  readonly referenceCut: number
  readonly cells: readonly EvaluationCell[]
  /** Place of each joint's patient in the evaluation's list of patients. */
  readonly patient: Int32Array
  readonly reference: Int8Array
  /** By comparator code: a grade, or one of the three negative codes. */
  readonly answers: ReadonlyMap<string, Int8Array>
  /** By model: probabilities row by row, one per grade; NaN where it abstained. */
  readonly probabilities: ReadonlyMap<string, Float64Array>
}

/**
 * The questions that the protocol asks and that have cells, in the protocol's order.
 *
 * @param patients  codes of every patient analysed, in the order in which the bootstrap draws them
 * @throws {RangeError} a cell that occurs twice or of an unknown patient, a grade off its scale, probabilities of another
 *   length than the scale, a feature without a cutGrade
 */
export function questionsOf(input: {
  readonly protocol: EvaluationProtocol
  readonly raters: readonly string[]
  readonly models: readonly string[]
  readonly patients: readonly string[]
  readonly cells: readonly EvaluationCell[]
}): Question[] {
  const { protocol } = input
  const byQuestion = groupCells(input.cells)
  const place = new Map(input.patients.map((code, index) => [code, index]))
  return protocol.modalities.flatMap((modality) =>
    featuresOf(protocol, modality, byQuestion).map((feature) => {
      const cells = byQuestion.get(questionKey(modality, feature)) ?? []
      return question({ ...input, modality, feature, cells, place })
    }),
  )
}

type Part = {
  readonly protocol: EvaluationProtocol
  readonly raters: readonly string[]
  readonly models: readonly string[]
  readonly modality: Modality
  readonly feature: CellFeature
  readonly cells: readonly EvaluationCell[]
  readonly place: ReadonlyMap<string, number>
}

function question({ protocol, raters, models, modality, feature, cells, place }: Part): Question {
  const referenceModality = protocol.referenceTargets[modality] ?? modality
  const raterScale = scaleSize(protocol, modality, feature)
  const referenceScale = scaleSize(protocol, referenceModality, feature)
  const answersOf = (code: string): Int8Array =>
    Int8Array.from(cells, (cell) => coded(cell.ratings[code] ?? { kind: 'not_graded' }, raterScale))
  return {
    modality,
    referenceModality,
    feature,
    raterScale,
    referenceScale,
    raterCut: cutGrade(protocol, modality, feature),
    referenceCut: cutGrade(protocol, referenceModality, feature),
    cells,
    patient: Int32Array.from(cells, ({ patientCode }) => {
      const index = place.get(patientCode)
      if (index === undefined) throw new RangeError(`cell of ${patientCode}, who is not among the patients`)
      return index
    }),
    reference: Int8Array.from(cells, (cell) => coded(cell.reference, referenceScale)),
    answers: new Map([...raters, ...models].map((code) => [code, answersOf(code)])),
    probabilities: new Map(models.map((code) => [code, probabilitiesOf(cells, code, raterScale)])),
  }
}

function coded(value: CellValue, scale: number): number {
  switch (value.kind) {
    case 'graded':
      return onScale(value.grade, scale)
    case 'not_graded':
      return NOT_GRADED
    case 'not_assessable':
      return NOT_ASSESSABLE
    case 'not_applicable':
      return NOT_APPLICABLE
  }
}

function probabilitiesOf(cells: readonly EvaluationCell[], code: string, scale: number): Float64Array {
  const at = new Float64Array(cells.length * scale).fill(Number.NaN)
  cells.forEach((cell, i) => {
    const row = cell.probabilities?.[code]
    if (row === undefined) return
    if (row.length !== scale) throw new RangeError(`${code}: ${row.length} probabilities for a scale of ${scale}`)
    at.set(row, i * scale)
  })
  return at
}

const questionKey = (modality: Modality, feature: CellFeature): string => `${modality}/${feature}`

function groupCells(cells: readonly EvaluationCell[]): Map<string, EvaluationCell[]> {
  const byQuestion = new Map<string, EvaluationCell[]>()
  const seen = new Set<string>()
  for (const cell of cells) {
    const key = questionKey(cell.modality, cell.feature)
    const place = `${key}/${cell.patientCode}/${cell.level}/${cell.side}`
    if (seen.has(place)) throw new RangeError(`cell occurs twice: ${place}`)
    seen.add(place)
    const group = byQuestion.get(key)
    if (group === undefined) byQuestion.set(key, [cell])
    else group.push(cell)
  }
  return byQuestion
}

/** Features that the modality asks; severity where the protocol has a global grade there, or cells of it were handed in. */
function featuresOf(
  protocol: EvaluationProtocol,
  modality: Modality,
  cells: ReadonlyMap<string, unknown>,
): CellFeature[] {
  const asked: CellFeature[] = protocol.features
    .filter((one) => one.scales[modality] !== undefined)
    .map((one) => one.feature)
  const direct = protocol.globalGrade?.modalities.includes(modality) ?? false
  return direct || cells.has(questionKey(modality, 'severity')) ? [...asked, 'severity'] : asked
}
