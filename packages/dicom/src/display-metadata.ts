import { z } from 'zod'
import { SOP_CLASSES } from './allow-list.ts'
import type { Dataset } from './dataset.ts'
import { frameMacros } from './functional-groups.ts'
import type { ParsedFile } from './parse.ts'
import { readPixelShape } from './pixel-shape.ts'
import { readInstanceHeader } from './read-instance-header.ts'
import { Refusal } from './refusal.ts'
import { rescaleOf } from './rescale.ts'
import { asciiText, asciiValues, decimalValues } from './values.ts'

/**
 * All that a reader's page may learn of a frame: how to show it and where it lies. No identifier, code, date, description
 * or maker; nothing that tells one patient's cases to be the same patient's.
 */
export const DisplayMetadata = z.strictObject({
  modality: z.enum(['xray', 'ct', 'mr']),
  rows: z.number(),
  columns: z.number(),
  bitsAllocated: z.union([z.literal(8), z.literal(16)]),
  bitsStored: z.number(),
  isSigned: z.boolean(),
  photometric: z.enum(['MONOCHROME1', 'MONOCHROME2']),
  rescaleSlope: z.number(),
  rescaleIntercept: z.number(),
  /** As the file proposes them, in rescaled values; the page has presets besides. */
  windows: z.array(z.strictObject({ center: z.number(), width: z.number() })),
  /** Between rows, between columns. Of a projection without patient spacing: at the detector. */
  pixelSpacingMm: z.tuple([z.number(), z.number()]).nullable(),
  sliceThicknessMm: z.number().nullable(),
  /** Patient coordinates (LPS), mm. */
  position: z.tuple([z.number(), z.number(), z.number()]).nullable(),
  orientation: z.tuple([z.number(), z.number(), z.number(), z.number(), z.number(), z.number()]).nullable(),
  lossy: z.boolean(),
})
export type DisplayMetadata = z.infer<typeof DisplayMetadata>

/** @throws {Refusal} not an image of ours; @throws {RangeError} no such frame */
export function displayMetadataOf({ dataset }: ParsedFile, frame: number): DisplayMetadata {
  const sopClass = SOP_CLASSES.get(asciiText(dataset, 0x00080016) ?? '')
  if (sopClass === undefined) throw new Refusal('SOP_CLASS_REFUSED')
  const header = readInstanceHeader(dataset, sopClass)
  const geometry = header.frames[frame]
  if (geometry === undefined) throw new RangeError('displayMetadata: no such frame')
  const shape = readPixelShape(dataset)
  const macro = sopClass.kind === 'enhanced' ? frameMacros(dataset) : () => dataset
  return {
    modality: header.modality,
    rows: shape.rows,
    columns: shape.columns,
    bitsAllocated: shape.bitsAllocated,
    bitsStored: shape.bitsStored,
    isSigned: shape.isSigned,
    photometric: shape.photometric,
    ...rescaleOf(macro(frame, 0x00289145)),
    windows: windowsOf(macro(frame, 0x00289132) ?? dataset),
    pixelSpacingMm: geometry.pixelSpacingMm ?? header.imagerSpacingMm,
    sliceThicknessMm: geometry.sliceThicknessMm,
    position: geometry.position,
    orientation: geometry.orientation,
    lossy: header.lossy,
  }
}

function windowsOf(dataset: Dataset): DisplayMetadata['windows'] {
  // A width below 1 has no meaning for the linear function (PS3.3 §C.11.2.1.2).
  if (asciiValues(dataset, 0x00281056).some((name) => name === 'SIGMOID')) return []
  const centers = decimalValues(dataset, 0x00281050) ?? []
  const widths = decimalValues(dataset, 0x00281051) ?? []
  return centers.flatMap((center, index) => {
    const width = widths[index]
    return width === undefined || width < 1 ? [] : [{ center, width }]
  })
}
