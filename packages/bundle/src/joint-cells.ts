import type { CellValue } from '@facetgrade/grading/cell'
import type { CellFeature } from '@facetgrade/grading/feature'
import { type Joint, type JointId, jointId } from '@facetgrade/grading/joint'
import type { ExportReading } from './export-reading.ts'

export type JointCells = Joint & {
  readonly id: JointId
  readonly cells: readonly { readonly feature: CellFeature; readonly value: CellValue }[]
}

/** A reading's cells by joint, joints in the order of the form; cells that the protocol does not ask are left out. */
export function jointCells({ cells }: Pick<ExportReading, 'cells'>): JointCells[] {
  const joints = new Map<JointId, Joint & { id: JointId; cells: { feature: CellFeature; value: CellValue }[] }>()
  for (const { cell, value } of cells) {
    if (value.kind === 'not_applicable') continue
    const id = jointId(cell.level, cell.side)
    const joint = joints.get(id) ?? { id, level: cell.level, side: cell.side, cells: [] }
    joints.set(id, joint)
    joint.cells.push({ feature: cell.feature, value })
  }
  return [...joints.values()]
}
