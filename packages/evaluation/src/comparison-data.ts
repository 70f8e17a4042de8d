import type { CellFeature } from '@facetgrade/grading/feature'
import type { Modality } from '@facetgrade/grading/modality'
import { onScale } from './agreement/rating-table.ts'
import { type Clusters, clustersOf } from './cluster/clusters.ts'
import type { Comparator, EvaluationCell, EvaluationProtocol } from './comparator.ts'
import type { MissingCells } from './result.ts'

/** One comparator, modality and feature: pairs of grades, the patients they come from, and what is missing. */
export type ComparisonData = {
  readonly comparator: Comparator
  readonly modality: Modality
  readonly referenceModality: Modality
  readonly feature: CellFeature
  readonly rated: Int8Array
  readonly truth: Int8Array
  readonly clusters: Clusters
  readonly missing: MissingCells
  readonly raterScale: number
  readonly referenceScale: number
  readonly raterCut: number
  readonly referenceCut: number
}

/**
 * Complete pairs of every comparator × modality × asked feature, in the protocol's order. A cell that either side calls
 * not applicable does not exist; one that either side leaves open is counted as missing, once.
 *
 * @throws {RangeError} a cell that occurs twice, a grade off its scale, a feature without a cutGrade
 */
export function pairCells(input: {
  readonly protocol: EvaluationProtocol
  readonly comparators: readonly Comparator[]
  readonly cells: readonly EvaluationCell[]
}): ComparisonData[] {
  const { protocol, comparators } = input
  const byQuestion = groupCells(input.cells)
  const compared: ComparisonData[] = []
  for (const comparator of comparators) {
    const modalities =
      protocol.readerGroups.find((group) => group.name === comparator.group)?.modalities ?? protocol.modalities
    for (const modality of modalities) {
      for (const feature of featuresOf(protocol, modality, byQuestion)) {
        const cells = byQuestion.get(questionOf(modality, feature)) ?? []
        compared.push(pair({ protocol, comparator, modality, feature, cells }))
      }
    }
  }
  return compared
}

type Question = {
  readonly protocol: EvaluationProtocol
  readonly comparator: Comparator
  readonly modality: Modality
  readonly feature: CellFeature
  readonly cells: readonly EvaluationCell[]
}

function pair({ protocol, comparator, modality, feature, cells }: Question): ComparisonData {
  const referenceModality = protocol.referenceTargets[modality] ?? modality
  const raterScale = scaleSize(protocol, modality, feature)
  const referenceScale = scaleSize(protocol, referenceModality, feature)
  const missing: MissingCells = {
    raterNotAssessable: 0,
    raterNotGraded: 0,
    referenceNotAssessable: 0,
    referenceNotGraded: 0,
  }
  const rated: number[] = []
  const truth: number[] = []
  const patients: string[] = []
  for (const cell of cells) {
    const reference = cell.reference
    const answer = cell.ratings[comparator.code] ?? { kind: 'not_graded' as const }
    if (reference.kind === 'not_applicable' || answer.kind === 'not_applicable') continue
    if (reference.kind === 'not_assessable') missing.referenceNotAssessable++
    else if (reference.kind === 'not_graded') missing.referenceNotGraded++
    else if (answer.kind === 'not_assessable') missing.raterNotAssessable++
    else if (answer.kind === 'not_graded') missing.raterNotGraded++
    else {
      rated.push(onScale(answer.grade, raterScale))
      truth.push(onScale(reference.grade, referenceScale))
      patients.push(cell.patientCode)
    }
  }
  return {
    comparator,
    modality,
    referenceModality,
    feature,
    rated: Int8Array.from(rated),
    truth: Int8Array.from(truth),
    clusters: clustersOf(patients),
    missing,
    raterScale,
    referenceScale,
    raterCut: cutGrade(protocol, modality, feature),
    referenceCut: cutGrade(protocol, referenceModality, feature),
  }
}

const questionOf = (modality: Modality, feature: CellFeature): string => `${modality}/${feature}`

function groupCells(cells: readonly EvaluationCell[]): Map<string, EvaluationCell[]> {
  const byQuestion = new Map<string, EvaluationCell[]>()
  const seen = new Set<string>()
  for (const cell of cells) {
    const question = questionOf(cell.modality, cell.feature)
    const key = `${question}/${cell.patientCode}/${cell.level}/${cell.side}`
    if (seen.has(key)) throw new RangeError(`cell occurs twice: ${key}`)
    seen.add(key)
    const group = byQuestion.get(question)
    if (group === undefined) byQuestion.set(question, [cell])
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
  return direct || cells.has(questionOf(modality, 'severity')) ? [...asked, 'severity'] : asked
}

/** Levels of a feature in a modality. @throws {RangeError} when the protocol does not ask it */
export function scaleSize(protocol: EvaluationProtocol, modality: Modality, feature: CellFeature): number {
  const scale =
    feature === 'severity'
      ? (protocol.globalGrade?.scale ?? protocol.severity.levels)
      : protocol.features.find((one) => one.feature === feature)?.scales[modality]
  if (scale === undefined) throw new RangeError(`the protocol does not ask ${feature} in ${modality}`)
  return scale.length
}

/** Truth and call are positive at this grade. @throws {RangeError} when the protocol has none */
export function cutGrade(protocol: EvaluationProtocol, modality: Modality, feature: CellFeature): number {
  const cut = protocol.endpoints.cutGrades.find((one) => one.modality === modality && one.feature === feature)
  if (cut === undefined) throw new RangeError(`the protocol has no cutGrade for ${feature} in ${modality}`)
  return cut.cutGrade
}
