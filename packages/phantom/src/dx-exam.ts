import { type Attribute, concept, decimals, dicomObject, text, words } from './dicom-object.ts'
import { commonAttributes, type ExamContext, type ExamObject, SOP_CLASS, uidOf } from './exam-context.ts'
import { type DxAcquisition, radiographs } from './radiograph.ts'
import { ORIENTATION, VIEW_CODE, type View } from './view.ts'

export const dxInstanceUid = (context: ExamContext, view: View): string => uidOf(context, `dx-${view}`)

/** Digital X-ray, one image per view, processed for presentation: bone bright. */
export function dxObjects(context: ExamContext, acquisition: DxAcquisition): ExamObject[] {
  return radiographs(context, acquisition).map(({ view, rows, columns, values }, index) => {
    const attributes: Attribute[] = [
      ...commonAttributes(context, {
        modality: 'DX',
        name: `dx-${view}`,
        number: index + 1,
        description: `Lumbar spine ${view}`,
        instance: 1,
      }),
      ...DETECTOR,
      decimals(0x00181164, acquisition.pixelMm, acquisition.pixelMm),
      text(0x00185101, 'CS', view),
      concept(0x00540220, VIEW_CODE[view]),
      text(0x00200020, 'CS', ORIENTATION[view]),
      words(0x00280010, rows),
      words(0x00280011, columns),
    ]
    return {
      modality: 'DX',
      bytes: dicomObject({
        sopClassUid: SOP_CLASS.DX,
        sopInstanceUid: dxInstanceUid(context, view),
        attributes,
        pixels: values,
      }),
    }
  })
}

/** Modules of a digital X-ray that are the same in every view (PS3.3 §A.26). */
const DETECTOR: readonly Attribute[] = [
  text(0x00080008, 'CS', 'ORIGINAL\\PRIMARY'),
  text(0x00080068, 'CS', 'FOR PRESENTATION'),
  concept(0x00082218, { value: '122496007', scheme: 'SCT', meaning: 'Lumbar spine' }),
  text(0x00180015, 'CS', 'LSPINE'),
  text(0x00181508, 'CS', 'COLUMN'),
  text(0x00187004, 'CS', 'DIRECT'),
  text(0x00200062, 'CS', 'U'),
  words(0x00280101, 12),
  words(0x00280102, 11),
  words(0x00280103, 0),
  text(0x00280301, 'CS', 'NO'),
  text(0x00281040, 'CS', 'LOG'),
  { tag: 0x00281041, vr: 'SS', value: [1] },
  decimals(0x00281050, 2048),
  decimals(0x00281051, 3000),
  decimals(0x00281052, 0),
  decimals(0x00281053, 1),
  text(0x00281054, 'LO', 'US'),
  text(0x00282110, 'CS', '00'),
  { tag: 0x00400555, items: [] },
  text(0x20500020, 'CS', 'IDENTITY'),
]
