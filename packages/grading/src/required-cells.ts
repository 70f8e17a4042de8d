import type { CellKey } from './cell.ts'
import type { Level } from './joint.ts'
import type { Modality } from './modality.ts'
import type { Protocol } from './protocol.ts'
import { askedFeatures } from './protocol-cells.ts'

/**
 * Every cell that a reading of one case must answer: the patient's levels × sides × features asked in the modality, in
 * the order of the form. All progress and completeness is counted from this list, never from what happens to be stored.
 *
 * @param levels  of this patient: patientLevels()
 */
export function requiredCells(protocol: Protocol, modality: Modality, levels: readonly Level[]): CellKey[] {
  const features = askedFeatures(protocol, modality)
  return levels.flatMap((level) =>
    protocol.sides.flatMap((side) => features.map((feature) => ({ level, side, feature }))),
  )
}
