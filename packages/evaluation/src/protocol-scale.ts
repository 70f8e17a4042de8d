import type { CellFeature } from '@facetgrade/grading/feature'
import type { Modality } from '@facetgrade/grading/modality'
import type { EvaluationProtocol } from './comparator.ts'

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
