import { z } from 'zod'

const Triple = z.tuple([z.number(), z.number(), z.number()])
const Pair = z.tuple([z.number(), z.number()])

/** Where one frame lies. Millimetres and directions in patient coordinates (LPS). Null: the file does not say. */
export const FrameGeometry = z.strictObject({
  /** Centre of the first pixel (Image Position Patient). */
  position: Triple.nullable(),
  /** Direction of a row, i.e. towards higher columns, then direction of a column (Image Orientation Patient). */
  orientation: z.tuple([z.number(), z.number(), z.number(), z.number(), z.number(), z.number()]).nullable(),
  /** Between rows, between columns (Pixel Spacing). */
  pixelSpacingMm: Pair.nullable(),
  sliceThicknessMm: z.number().nullable(),
  /** Enhanced multi-frame: stack the frame belongs to. */
  stackId: z.string().nullable(),
  temporalPosition: z.number().nullable(),
  echoTimeMs: z.number().nullable(),
})
export type FrameGeometry = z.infer<typeof FrameGeometry>

/**
 * What the server keeps of one clean instance to judge its series: a plain JSON value without an identifier
 * of a person. Taken only from pseudonymised bytes.
 */
export const InstanceHeader = z.strictObject({
  sopClassUid: z.string(),
  sopInstanceUid: z.string(),
  studyInstanceUid: z.string(),
  seriesInstanceUid: z.string(),
  frameOfReferenceUid: z.string().nullable(),
  patientCode: z.string(),
  modality: z.enum(['xray', 'ct', 'mr']),
  /** Maker of the scanner, from the closed list. Absent in what was stored before it was kept. */
  manufacturer: z.string().nullable().default(null),
  /** Shifted study date, YYYYMMDD. */
  studyDate: z.string().nullable(),
  /** Whole years at the examination; 90 stands for 90 and older. */
  ageYears: z.number().nullable(),
  sex: z.enum(['M', 'F', 'O']).nullable(),
  seriesNumber: z.number().nullable(),
  acquisitionNumber: z.number().nullable(),
  instanceNumber: z.number().nullable(),
  imageType: z.array(z.string()),
  /** Words of the series description that are on the closed vocabulary, e.g. `SAG T2`. */
  description: z.string(),
  rows: z.number(),
  columns: z.number(),
  frames: z.array(FrameGeometry).min(1),
  /** Nominal spacing of a projection at the detector or the patient, rows then columns. */
  imagerSpacingMm: Pair.nullable(),
  spacingBetweenSlicesMm: z.number().nullable(),
  gantryTiltDegrees: z.number().nullable(),
  patientPosition: z.string().nullable(),
  /** Patient Orientation of a projection: anatomical direction of rows, of columns, e.g. ['L', 'F']. */
  patientOrientation: z.array(z.string()),
  viewPosition: z.string().nullable(),
  /** Direction of the beam as a code of ours, from View Code Sequence. */
  view: z.enum(['ap', 'pa', 'lateral', 'oblique']).nullable(),
  imageLaterality: z.enum(['L', 'R', 'B', 'U']).nullable(),
  convolutionKernel: z.string().nullable(),
  repetitionTimeMs: z.number().nullable(),
  echoTimeMs: z.number().nullable(),
  inversionTimeMs: z.number().nullable(),
  lossy: z.boolean(),
})
export type InstanceHeader = z.infer<typeof InstanceHeader>
