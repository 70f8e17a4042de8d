import type { CellFeature } from './feature.ts'
import type { Modality } from './modality.ts'
import type { Protocol } from './protocol.ts'
import type { Scale } from './protocol-document.ts'

/** The scale of a feature in a modality; undefined where the protocol does not ask it (not applicable). */
export function scaleOf(protocol: Protocol, modality: Modality, feature: CellFeature): Scale | undefined {
  if (feature === 'severity') {
    const global = protocol.globalGrade
    return global?.modalities.includes(modality) ? global.scale : undefined
  }
  return protocol.features.find((question) => question.feature === feature)?.scales[modality]
}

/** Features that readers grade in a modality, in the protocol's order; the direct global grade last where it is asked. */
export function askedFeatures(protocol: Protocol, modality: Modality): CellFeature[] {
  const asked: CellFeature[] = protocol.features.flatMap(({ feature, scales }) => (scales[modality] ? [feature] : []))
  return protocol.globalGrade?.modalities.includes(modality) ? [...asked, 'severity'] : asked
}

/** Truth is positive at grade >= the cut grade. Null when the protocol has none for this feature in this modality. */
export function cutGradeOf(protocol: Protocol, modality: Modality, feature: CellFeature): number | null {
  const found = protocol.endpoints.cutGrades.find((cut) => cut.modality === modality && cut.feature === feature)
  return found?.cutGrade ?? null
}

/** The modality whose reference judges this one: itself, unless the protocol names another. */
export function referenceModality(protocol: Protocol, modality: Modality): Modality {
  return protocol.referenceTargets[modality] ?? modality
}
