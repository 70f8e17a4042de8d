import type { InstanceHeader } from '@facetgrade/dicom/instance-header'
import { proposeSide } from '@facetgrade/dicom/projection-side'
import type { XraySide } from './xray-side.ts'

export type XraySideProposal = {
  view: XraySide['view'] | null
  patientRight: XraySide['patientRight'] | null
  shownJoints: 'left' | 'right' | null
  /** Where the proposal comes from; a person confirms it against the marker in the image. */
  source: 'patient_orientation' | 'view_position' | 'none'
}

/** Posterior obliques show the joints nearest the detector, anterior ones the far ones (domain: RPO right, LAO right). */
const OBLIQUES: Readonly<Record<string, 'left' | 'right'>> = { RPO: 'right', LPO: 'left', LAO: 'right', RAO: 'left' }
const LATERALS: readonly string[] = ['LL', 'RL', 'LLD', 'RLD']

export function proposeXraySide(header: InstanceHeader): XraySideProposal {
  const position = header.viewPosition?.toUpperCase() ?? ''
  const { leftEdge, source } = proposeSide(header)
  const view = viewOf(header, position)
  const patientRight =
    view === 'lateral' ? 'none' : leftEdge === null ? null : leftEdge === 'right' ? 'left-edge' : 'right-edge'
  return { view, patientRight, shownJoints: OBLIQUES[position] ?? null, source }
}

function viewOf({ view }: Pick<InstanceHeader, 'view'>, position: string): XraySide['view'] | null {
  if (position === 'AP') return 'ap'
  if (position === 'PA') return 'pa'
  if (LATERALS.includes(position)) return 'lateral'
  if (position in OBLIQUES) return 'oblique'
  return view
}
