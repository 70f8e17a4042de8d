import type { InstanceHeader } from './instance-header.ts'
import type { EdgeSide, SeriesStack, SideProposal } from './series-judgement.ts'

/**
 * A projection with the side that its header proposes. It is gradable as a series, and read only after the coordinator has
 * confirmed the side against the marker in the image: the note says so.
 */
export function judgeProjection(header: InstanceHeader): SeriesStack {
  const side = proposeSide(header)
  const right: EdgeSide = side.leftEdge === null ? null : side.leftEdge === 'left' ? 'right' : 'left'
  return {
    kind: 'projection',
    frames: [{ sopInstanceUid: header.sopInstanceUid, frame: 0, position: null, offsetMm: null }],
    gradable: true,
    code: null,
    notes: ['SIDE_UNCONFIRMED'],
    plane: null,
    rowDirection: null,
    columnDirection: null,
    normal: null,
    rows: header.rows,
    columns: header.columns,
    pixelSpacingMm: header.frames[0]?.pixelSpacingMm ?? header.imagerSpacingMm,
    sliceSpacingMm: null,
    sliceThicknessMm: null,
    edges: { left: side.leftEdge, right, top: null, bottom: null },
    letters: null,
    turn: { transpose: false, flipHorizontal: side.leftEdge === 'left', flipVertical: false },
    side,
  }
}

/** From Patient Orientation (PS3.3 §C.7.6.1.1.1), else from a frontal view as it is usually stored. A proposal, no more. */
export function proposeSide(header: InstanceHeader): SideProposal {
  const along = header.patientOrientation[0]?.[0]
  if (along === 'L') return { leftEdge: 'right', source: 'patient_orientation' }
  if (along === 'R') return { leftEdge: 'left', source: 'patient_orientation' }
  if (along === 'A' || along === 'P') return { leftEdge: null, source: 'patient_orientation' }
  const isFrontal =
    header.viewPosition === 'AP' || header.viewPosition === 'PA' || header.view === 'ap' || header.view === 'pa'
  return isFrontal ? { leftEdge: 'right', source: 'view_position' } : { leftEdge: null, source: 'none' }
}
