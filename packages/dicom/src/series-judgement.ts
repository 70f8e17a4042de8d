import { z } from 'zod'

export const Plane = z.enum(['axial', 'sagittal', 'coronal', 'oblique'])
export type Plane = z.infer<typeof Plane>

/** Side of the patient at an edge of the image as stored; null when that edge does not point left or right. */
export const EdgeSide = z.enum(['left', 'right']).nullable()
export type EdgeSide = z.infer<typeof EdgeSide>

/** Why a stack cannot be graded, or why a part of a series is not a stack at all. */
export const GEOMETRY_CODES = {
  GEOMETRY_MISSING: {
    en: 'Position or orientation is missing, so left and right cannot be proven.',
    zh: '缺少位置或方向信息,无法确认左右。',
  },
  ORIENTATION_INVALID: {
    en: 'The orientation is not a pair of perpendicular unit directions.',
    zh: '方向信息不是一对正交的单位向量。',
  },
  SPACING_MISSING: { en: 'The pixel spacing is missing or not positive.', zh: '像素间距缺失或不为正值。' },
  SHAPE_MIXED: { en: 'The images of the stack differ in size or spacing.', zh: '同一堆叠中图像尺寸或间距不一致。' },
  FRAME_OF_REFERENCE_MIXED: {
    en: 'The images of the stack use different frames of reference.',
    zh: '同一堆叠中图像的参考坐标系不一致。',
  },
  DUPLICATE_SLICE: { en: 'Two different images lie at the same position.', zh: '两幅不同图像位于同一位置。' },
  SLICE_MISSING: {
    en: 'Slices are missing: the distance between neighbours jumps.',
    zh: '缺少层面:相邻层距出现跳变。',
  },
  SPACING_IRREGULAR: { en: 'The distance between slices is not regular.', zh: '层间距不规则。' },
  TILTED: {
    en: 'The slices are sheared against their stacking direction (gantry tilt).',
    zh: '层面与堆叠方向不垂直(机架倾斜)。',
  },
  LOCALIZER: { en: 'The image is a scout view, not a slice.', zh: '该图像为定位像,不是断层图像。' },
  DERIVED: {
    en: 'The image is derived (reformat, projection or screen), not an acquired one.',
    zh: '该图像为派生图像,不是原始采集图像。',
  },
  SINGLE_SLICE: { en: 'The stack has one slice only.', zh: '该堆叠仅有一个层面。' },
  SIDE_UNCONFIRMED: {
    en: 'The side of the X-ray must be confirmed by the coordinator against its marker before it is read.',
    zh: 'X 线片的左右侧须由协调员对照标记确认后方可阅片。',
  },
} as const
export const GeometryCode = z.enum(Object.keys(GEOMETRY_CODES) as [keyof typeof GEOMETRY_CODES])
export type GeometryCode = keyof typeof GEOMETRY_CODES

const Triple = z.tuple([z.number(), z.number(), z.number()])

/** One frame of a stack: instance, index of the frame within it (from 0), distance along the normal in mm. */
export const StackFrame = z.strictObject({
  sopInstanceUid: z.string(),
  frame: z.number(),
  position: Triple.nullable(),
  offsetMm: z.number().nullable(),
})
export type StackFrame = z.infer<typeof StackFrame>

/** Anatomical direction an edge of the stored image points to, by its largest component. */
export const AnatomicalLetter = z.enum(['L', 'R', 'A', 'P', 'H', 'F'])
export type AnatomicalLetter = z.infer<typeof AnatomicalLetter>

/** Proposal for the side of a projection; the coordinator confirms it once against the side marker. */
export const SideProposal = z.strictObject({
  /** Side of the patient at the left edge of the stored image; null: the view shows none, or nothing says it. */
  leftEdge: EdgeSide,
  source: z.enum(['patient_orientation', 'view_position', 'none']),
})
export type SideProposal = z.infer<typeof SideProposal>

/** How to turn the stored image for radiological display: transpose first, then flip. */
export const DisplayTurn = z.strictObject({
  transpose: z.boolean(),
  flipHorizontal: z.boolean(),
  flipVertical: z.boolean(),
})
export type DisplayTurn = z.infer<typeof DisplayTurn>

/** Frames that form one volume, or one projection. Order: along the normal, from lower to higher offset. */
export const SeriesStack = z.strictObject({
  kind: z.enum(['volume', 'projection', 'other']),
  frames: z.array(StackFrame).min(1),
  gradable: z.boolean(),
  /** Present when not gradable. The sentence is `GEOMETRY_CODES[code]`. */
  code: GeometryCode.nullable(),
  /** Doubts that do not stop grading. */
  notes: z.array(GeometryCode),
  plane: Plane.nullable(),
  /** LPS directions: along a row, along a column, normal = row × column. */
  rowDirection: Triple.nullable(),
  columnDirection: Triple.nullable(),
  normal: Triple.nullable(),
  rows: z.number(),
  columns: z.number(),
  /** Between rows, between columns. Of a projection: at the detector where the patient plane is not given. */
  pixelSpacingMm: z.tuple([z.number(), z.number()]).nullable(),
  /** Median distance of neighbours along the normal. */
  sliceSpacingMm: z.number().nullable(),
  sliceThicknessMm: z.number().nullable(),
  /** Which side of the patient lies at each edge of the stored image; from patient coordinates only, never from a screen. */
  edges: z.strictObject({ left: EdgeSide, right: EdgeSide, top: EdgeSide, bottom: EdgeSide }),
  letters: z
    .strictObject({
      left: AnatomicalLetter,
      right: AnatomicalLetter,
      top: AnatomicalLetter,
      bottom: AnatomicalLetter,
    })
    .nullable(),
  turn: DisplayTurn,
  /** Projections only. */
  side: SideProposal.nullable(),
})
export type SeriesStack = z.infer<typeof SeriesStack>

export const SeriesGeometry = z.strictObject({
  seriesInstanceUid: z.string(),
  modality: z.enum(['xray', 'ct', 'mr']),
  stacks: z.array(SeriesStack).min(1),
  /** Whether at least one stack can be graded. Projections count: their side is confirmed before they are read. */
  gradable: z.boolean(),
  /** Why not, of the largest stack. */
  code: GeometryCode.nullable(),
  /** Role proposed from geometry and acquisition, e.g. `axial-bone`, `sagittal-t2`, `ap`; the coordinator corrects it. */
  role: z.string(),
})
export type SeriesGeometry = z.infer<typeof SeriesGeometry>
