import type { CellKey } from '@facetgrade/grading/cell'
import type { CellFeature } from '@facetgrade/grading/feature'
import type { Joint, Level } from '@facetgrade/grading/joint'
import type { Modality } from '@facetgrade/grading/modality'
import type { Protocol } from '@facetgrade/grading/protocol'
import { askedFeatures, scaleOf } from '@facetgrade/grading/protocol-cells'
import type { Scale } from '@facetgrade/grading/protocol-document'
import type { Text } from '@facetgrade/grading/protocol-text'

export type FormFeature = { feature: CellFeature; label: Text; guidance: Text; scale: Scale }
export type ReadingForm = {
  protocol: Protocol
  modality: Modality
  joints: readonly Joint[]
  features: readonly FormFeature[]
}

/** What a case asks, in the order of its grid: joints from the head down, features as the protocol has them. */
export function readingForm(protocol: Protocol, modality: Modality, levels: readonly Level[]): ReadingForm {
  const joints = levels.flatMap((level) => protocol.sides.map((side) => ({ level, side })))
  const features = askedFeatures(protocol, modality).flatMap((feature): FormFeature[] => {
    const scale = scaleOf(protocol, modality, feature)
    const words =
      feature === 'severity' ? protocol.globalGrade : protocol.features.find((question) => question.feature === feature)
    return scale && words ? [{ feature, label: words.label, guidance: words.guidance, scale }] : []
  })
  return { protocol, modality, joints, features }
}

export function cellAt(form: ReadingForm, place: { row: number; column: number }): CellKey | undefined {
  const [joint, question] = [form.joints[place.row], form.features[place.column]]
  return joint && question ? { ...joint, feature: question.feature } : undefined
}
