import type { CellKey, CellValue } from './cell.ts'
import type { Feature } from './feature.ts'
import { type Joint, type JointId, jointId } from './joint.ts'
import type { Modality } from './modality.ts'
import type { Protocol } from './protocol.ts'
import { type Severity, severity } from './severity.ts'

export type JointSeverity = Joint & { readonly severity: Severity }

/** Derived severity of every joint that occurs among the cells, in their order. A direct global grade is not used. */
export function jointSeverities(
  protocol: Protocol,
  modality: Modality,
  cells: readonly { readonly cell: CellKey; readonly value: CellValue }[],
): JointSeverity[] {
  const joints = new Map<JointId, { joint: Joint; values: Partial<Record<Feature, CellValue>> }>()
  for (const { cell, value } of cells) {
    const id = jointId(cell.level, cell.side)
    const found = joints.get(id) ?? { joint: { level: cell.level, side: cell.side }, values: {} }
    joints.set(id, found)
    if (cell.feature !== 'severity') found.values[cell.feature] = value
  }
  return Array.from(joints.values(), ({ joint, values }) => ({
    ...joint,
    severity: severity(protocol, modality, values),
  }))
}
