import { SeriesStack } from '@facetgrade/dicom/series-judgement'
import type { Level, Side } from '@facetgrade/grading/joint'
import type { JointPoint } from '@facetgrade/grading/points'
import type { PointsGround } from '../points/points-store.ts'

/** One frame with the joint in it: `sop` and `frame` name it, `column` and `row` are pixels, spacing is mm or null. */
export type FailureImage = {
  readonly sop: string
  readonly frame: number
  readonly column: number
  readonly row: number
  readonly pixelSpacingMm: readonly [row: number, column: number] | null
}

type Triple = readonly [number, number, number]

/**
 * The frame that shows a joint best: of an axial volume the slice nearest to the published point, of an X-ray the first
 * image with a point of the joint. Undefined where no point is published, or none lies in an image.
 */
export function failureImage(
  ground: Pick<PointsGround, 'modality' | 'stacks'>,
  points: readonly JointPoint[],
  joint: { readonly level: Level; readonly side: Side },
): FailureImage | undefined {
  const own = points.filter((point) => point.level === joint.level && point.side === joint.side)
  for (const point of own) {
    if (point.kind === 'image')
      return { sop: point.sop, frame: 0, column: point.uv[0], row: point.uv[1], pixelSpacingMm: null }
    const shown = ground.stacks
      .filter(({ frameOfReference }) => frameOfReference === point.frameOfReference)
      .map(({ stack }) => SeriesStack.parse(stack))
      .filter(({ kind, plane }) => kind === 'volume' && plane === 'axial')
      .flatMap((stack) => sliceOf(stack, point.mm) ?? [])
    const [first] = shown
    if (first) return first
  }
  return undefined
}

function sliceOf(stack: SeriesStack, mm: Triple): FailureImage | undefined {
  const { frames, normal, rowDirection, columnDirection, pixelSpacingMm, rows, columns } = stack
  if (!normal || !rowDirection || !columnDirection || !pixelSpacingMm) return undefined
  const placed = frames.flatMap((frame) =>
    frame.position ? [{ frame, position: frame.position, off: Math.abs(dot(minus(mm, frame.position), normal)) }] : [],
  )
  const [first] = placed
  if (!first) return undefined
  const nearest = placed.reduce((best, one) => (one.off < best.off ? one : best), first)
  const reach = Math.max(stack.sliceSpacingMm ?? 0, stack.sliceThicknessMm ?? 0)
  if (nearest.off > reach) return undefined
  const inPlane = minus(mm, nearest.position)
  const column = dot(inPlane, rowDirection) / pixelSpacingMm[1]
  const row = dot(inPlane, columnDirection) / pixelSpacingMm[0]
  if (column < 0 || row < 0 || column > columns - 1 || row > rows - 1) return undefined
  return { sop: nearest.frame.sopInstanceUid, frame: nearest.frame.frame, column, row, pixelSpacingMm }
}

const dot = (a: Triple, b: Triple): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
const minus = (a: Triple, b: Triple): Triple => [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
