import type { Modality } from '@facetgrade/grading/modality'
import type { CaseStack } from '@facetgrade/study/cases/case-view'

/** Most important first, by plane and then by what the role says of the weighting. */
const ORDER: Readonly<Record<Modality, readonly string[]>> = {
  ct: ['axial', 'sagittal', 'coronal', 'oblique'],
  mr: ['axial-t2', 'sagittal-t2', 'axial', 'sagittal-t1', 'sagittal', 'coronal', 'oblique'],
  xray: ['ap', 'pa', 'lateral', 'oblique'],
}

/** The stacks in the order in which they are hung: the first ones fill the viewports, the others can be chosen. */
export function hangStacks(modality: Modality, stacks: readonly CaseStack[]): CaseStack[] {
  return stacks.toSorted((a, b) => rankOf(modality, a) - rankOf(modality, b) || a.series - b.series)
}

function rankOf(modality: Modality, { role, view, positions }: CaseStack): number {
  const order = ORDER[modality]
  const byRole = order.findIndex((wanted) => role.startsWith(wanted))
  const byView = order.indexOf(view)
  const rank = byRole === -1 ? byView : byRole
  // Of one kind the stack with more slices covers more of the spine.
  return (rank === -1 ? order.length : rank) - Math.min(positions.length, 999) / 1000
}
