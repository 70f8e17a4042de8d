import { type Attribute, decimals, dicomObject, text, words } from './dicom-object.ts'
import { commonAttributes, type ExamContext, type ExamObject, SOP_CLASS, uidOf } from './exam-context.ts'
import { type Grid, sliceOrigin } from './stack.ts'

export type SeriesOfSlices = {
  modality: 'CT' | 'MR'
  /** Tells the series of one exam apart; not written as such. */
  name: string
  number: number
  description: string
  attributes: readonly Attribute[]
  bitsStored: number
}

/** One slice as a DICOM object; position and orientation are the grid's own (PS3.3 §C.7.6.2). */
export function sliceObject(
  context: ExamContext,
  series: SeriesOfSlices,
  at: { grid: Grid; slice: number; pixels: Int16Array | Uint16Array },
): ExamObject {
  const { grid, slice, pixels } = at
  const { modality, name, number, description } = series
  const attributes: Attribute[] = [
    ...commonAttributes(context, { modality, name, number, description, instance: slice + 1 }),
    ...series.attributes,
    decimals(0x00180050, grid.thicknessMm),
    text(0x00185100, 'CS', 'HFS'),
    text(0x00200012, 'IS', String(number)),
    decimals(0x00200032, ...sliceOrigin(grid, slice)),
    decimals(0x00200037, ...grid.rowDirection, ...grid.columnDirection),
    text(0x00200052, 'UI', uidOf(context, `frame-${modality}`)),
    text(0x00201040, 'LO', ''),
    words(0x00280010, grid.rows),
    words(0x00280011, grid.columns),
    decimals(0x00280030, grid.pixelMm, grid.pixelMm),
    words(0x00280101, series.bitsStored),
    words(0x00280102, series.bitsStored - 1),
    words(0x00280103, pixels instanceof Int16Array ? 1 : 0),
  ]
  const sopInstanceUid = uidOf(context, `${name}-${slice}`)
  return { modality, bytes: dicomObject({ sopClassUid: SOP_CLASS[modality], sopInstanceUid, attributes, pixels }) }
}
