import { DisplayTurn, GeometryCode, SeriesStack } from '@facetgrade/dicom/series-judgement'
import { Level, Side } from '@facetgrade/grading/joint'
import { LevelNumbering } from '@facetgrade/grading/level-numbering'
import { Modality } from '@facetgrade/grading/modality'
import { z } from 'zod'
import { XRAY_VIEWS, type XraySide } from '../xray-sides/xray-side.ts'

const Triple = z.tuple([z.number(), z.number(), z.number()])

/** A stack as a reader may know it: where it lies and how to turn it. Named by its index in this assignment alone. */
export const CaseStack = z.strictObject({
  series: z.int().nonnegative(),
  /** `axial`, `sagittal`, …; on X-ray the confirmed view. */
  view: z.enum(['axial', 'sagittal', 'coronal', 'oblique', ...XRAY_VIEWS]),
  role: z.string(),
  /** Whose joints an oblique X-ray shows in tangent. */
  shownJoints: Side.nullable(),
  rows: z.int(),
  columns: z.int(),
  pixelSpacingMm: z.tuple([z.number(), z.number()]).nullable(),
  sliceSpacingMm: z.number().nullable(),
  rowDirection: Triple.nullable(),
  columnDirection: Triple.nullable(),
  /** Patient coordinates of the first pixel of each frame, in the order of scrolling; on X-ray nulls. */
  positions: z.array(Triple.nullable()).min(1),
  turn: DisplayTurn,
  /** Side of the patient at the left edge of the image once it is turned; null where the view shows none. */
  leftEdge: z.literal('right').nullable(),
})
export type CaseStack = z.infer<typeof CaseStack>

/** All that a reader's page learns of a case. No code, date, description or identifier of the images. */
export const CaseView = z.strictObject({
  assignmentId: z.uuid(),
  position: z.int(),
  modality: Modality,
  protocolVersion: z.int(),
  numbering: LevelNumbering,
  levels: z.array(Level),
  stacks: z.array(CaseStack),
  /** Series that are not shown for grading, and why. */
  hidden: z.array(z.strictObject({ series: z.int().nonnegative(), code: GeometryCode })),
})
export type CaseView = z.infer<typeof CaseView>

/** What the import stored of a stack. */
const CaseSeries = z.object({ stack: SeriesStack, role: z.string() })

type Shown = { stacks: CaseStack[]; hidden: CaseView['hidden'] }

/** What of an exam is shown for grading: proven geometry alone, and of X-rays those whose side a coordinator confirmed. */
export function shownSeries(series: readonly unknown[], sides: ReadonlyMap<string, XraySide>): Shown {
  const shown: Shown = { stacks: [], hidden: [] }
  for (const [index, { stack, role }] of z.array(CaseSeries).parse(series).entries()) {
    if (!stack.gradable) {
      shown.hidden.push({ series: index, code: stack.code ?? 'GEOMETRY_MISSING' })
    } else if (stack.kind === 'projection') {
      const side = sides.get(stack.frames[0]?.sopInstanceUid ?? '')
      if (side) shown.stacks.push(projection(index, stack, side))
      else shown.hidden.push({ series: index, code: 'SIDE_UNCONFIRMED' })
    } else if (stack.plane === null) {
      shown.hidden.push({ series: index, code: 'GEOMETRY_MISSING' })
    } else {
      shown.stacks.push({
        ...common(index, stack),
        view: stack.plane,
        role,
        shownJoints: null,
        turn: stack.turn,
        leftEdge: leftEdgeOf(stack),
      })
    }
  }
  return shown
}

const common = (series: number, stack: SeriesStack) => ({
  series,
  rows: stack.rows,
  columns: stack.columns,
  pixelSpacingMm: stack.pixelSpacingMm,
  sliceSpacingMm: stack.sliceSpacingMm,
  rowDirection: stack.rowDirection,
  columnDirection: stack.columnDirection,
  positions: stack.frames.map(({ position }) => position),
})

function projection(series: number, stack: SeriesStack, side: XraySide): CaseStack {
  return {
    ...common(series, stack),
    view: side.view,
    role: side.view,
    shownJoints: side.shownJoints,
    turn: { transpose: false, flipHorizontal: side.patientRight === 'right-edge', flipVertical: false },
    leftEdge: side.patientRight === 'none' ? null : 'right',
  }
}

/** After the turn the patient's right is at the left edge wherever the image runs across the patient at all. */
function leftEdgeOf({ edges, turn }: SeriesStack): 'right' | null {
  const [first, second] = turn.transpose ? [edges.top, edges.bottom] : [edges.left, edges.right]
  const left = turn.flipHorizontal ? second : first
  if (left === 'left') throw new RangeError('leftEdgeOf: the turn does not make the display radiological')
  return left
}
