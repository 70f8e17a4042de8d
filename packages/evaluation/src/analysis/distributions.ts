import type { CellValue } from '@facetgrade/grading/cell'
import type { CellFeature } from '@facetgrade/grading/feature'
import type { Level } from '@facetgrade/grading/joint'
import type { Modality } from '@facetgrade/grading/modality'
import type { Part } from '@facetgrade/grading/part'
import type { EvaluationProtocol } from '../comparator.ts'
import type { EvaluationDocument } from '../evaluation-document.ts'
import { scaleSize } from '../protocol-scale.ts'

export type PartCell = {
  readonly part: Part
  readonly modality: Modality
  readonly feature: CellFeature
  readonly level: Level
  readonly value: CellValue
}

/** How many joints of the reference have each grade, by part, modality, feature and level; open ones counted beside. */
export function gradeDistributions(
  protocol: EvaluationProtocol,
  cells: readonly PartCell[],
): EvaluationDocument['distributions'] {
  const groups = Map.groupBy(cells, ({ part, modality, feature, level }) => `${part}/${modality}/${feature}/${level}`)
  return [...groups]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, own]) => {
      const [first] = own
      if (first === undefined) return []
      const { part, modality, feature, level } = first
      const counts = Array.from({ length: scaleSize(protocol, modality, feature) }, () => 0)
      let [notAssessable, notGraded] = [0, 0]
      for (const { value } of own) {
        if (value.kind === 'graded') counts[value.grade] = (counts[value.grade] ?? 0) + 1
        else if (value.kind === 'not_assessable') notAssessable++
        else if (value.kind === 'not_graded') notGraded++
      }
      return [{ part, modality, feature, level, counts, notAssessable, notGraded }]
    })
}
