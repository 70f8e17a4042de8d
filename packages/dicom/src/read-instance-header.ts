import { SOP_CLASSES, type SopClass } from './allow-list.ts'
import { readNumber } from './byte-writer.ts'
import type { Dataset } from './dataset.ts'
import { frameMacros, itemsOf } from './functional-groups.ts'
import type { FrameGeometry, InstanceHeader } from './instance-header.ts'
import { parseDicom } from './parse.ts'
import { readPixelShape } from './pixel-shape.ts'
import { Refusal } from './refusal.ts'
import { asciiText, asciiValues, decimalValues } from './values.ts'

/** Header of a clean file, for a caller that holds only its bytes (a stored object). */
export function instanceHeaderOf(bytes: Uint8Array<ArrayBuffer>): InstanceHeader {
  const { dataset } = parseDicom(bytes)
  const sopClass = SOP_CLASSES.get(asciiText(dataset, 0x00080016) ?? '')
  if (sopClass === undefined) throw new Refusal('SOP_CLASS_REFUSED')
  return readInstanceHeader(dataset, sopClass)
}

/** What the server keeps of a clean data set; see `InstanceHeader`. */
export function readInstanceHeader(dataset: Dataset, sopClass: SopClass): InstanceHeader {
  const text = (tag: number): string => asciiText(dataset, tag) ?? ''
  const orNull = (tag: number): string | null => text(tag) || null
  const shape = readPixelShape(dataset)
  return {
    sopClassUid: sopClass.uid,
    sopInstanceUid: text(0x00080018),
    studyInstanceUid: text(0x0020000d),
    seriesInstanceUid: text(0x0020000e),
    frameOfReferenceUid: orNull(0x00200052),
    patientCode: text(0x00100020),
    modality: sopClass.kind === 'projection' ? 'xray' : sopClass.modality === 'CT' ? 'ct' : 'mr',
    manufacturer: orNull(0x00080070),
    studyDate: orNull(0x00080020),
    ageYears: text(0x00101010) === '' ? null : Number(text(0x00101010).slice(0, 3)),
    sex: oneOf(['M', 'F', 'O'], text(0x00100040)),
    seriesNumber: numberAt(dataset, 0x00200011),
    acquisitionNumber: numberAt(dataset, 0x00200012),
    instanceNumber: numberAt(dataset, 0x00200013),
    imageType: asciiValues(dataset, 0x00080008),
    description: text(0x0008103e),
    rows: shape.rows,
    columns: shape.columns,
    frames: sopClass.kind === 'enhanced' ? enhancedFrames(dataset, shape.frames) : [frameOf(dataset)],
    imagerSpacingMm: pairAt(dataset, 0x00181164),
    spacingBetweenSlicesMm: numberAt(dataset, 0x00180088),
    gantryTiltDegrees: numberAt(dataset, 0x00181120),
    patientPosition: orNull(0x00185100),
    patientOrientation: asciiValues(dataset, 0x00200020),
    viewPosition: orNull(0x00185101),
    view: viewOf(dataset),
    imageLaterality: oneOf(['L', 'R', 'B', 'U'], text(0x00200062) || text(0x00200060)),
    convolutionKernel: orNull(0x00181210),
    repetitionTimeMs: numberAt(dataset, 0x00180080),
    echoTimeMs: numberAt(dataset, 0x00180081),
    inversionTimeMs: numberAt(dataset, 0x00180082),
    lossy: text(0x00282110) === '01',
  }
}

const oneOf = <T extends string>(allowed: readonly T[], text: string): T | null =>
  allowed.find((value) => value === text) ?? null

const numberAt = (dataset: Dataset, tag: number): number | null => decimalValues(dataset, tag)?.[0] ?? null

function pairAt(dataset: Dataset, tag: number): [number, number] | null {
  const [first, second, ...rest] = decimalValues(dataset, tag) ?? []
  return first === undefined || second === undefined || rest.length > 0 ? null : [first, second]
}

function tripleAt(dataset: Dataset, tag: number): [number, number, number] | null {
  const [x, y, z, ...rest] = decimalValues(dataset, tag) ?? []
  return x === undefined || y === undefined || z === undefined || rest.length > 0 ? null : [x, y, z]
}

function orientationAt(dataset: Dataset): FrameGeometry['orientation'] {
  const [a, b, c, d, e, f] = decimalValues(dataset, 0x00200037) ?? []
  if (a === undefined || b === undefined || c === undefined) return null
  return d === undefined || e === undefined || f === undefined ? null : [a, b, c, d, e, f]
}

const frameOf = (dataset: Dataset): FrameGeometry => ({
  position: tripleAt(dataset, 0x00200032),
  orientation: orientationAt(dataset),
  pixelSpacingMm: pairAt(dataset, 0x00280030),
  sliceThicknessMm: numberAt(dataset, 0x00180050),
  stackId: null,
  temporalPosition: numberAt(dataset, 0x00200100),
  echoTimeMs: numberAt(dataset, 0x00180081),
})

/** Geometry of each frame of an enhanced image, from its functional groups. */
function enhancedFrames(dataset: Dataset, frames: number): FrameGeometry[] {
  const macro = frameMacros(dataset)
  return Array.from({ length: frames }, (_, frame) => {
    const position = macro(frame, 0x00209113)
    const orientation = macro(frame, 0x00209116)
    const measures = macro(frame, 0x00289110)
    const content = macro(frame, 0x00209111)
    const echo = macro(frame, 0x00189114)
    return {
      position: position ? tripleAt(position, 0x00200032) : null,
      orientation: orientation ? orientationAt(orientation) : null,
      pixelSpacingMm: measures ? pairAt(measures, 0x00280030) : null,
      sliceThicknessMm: measures ? numberAt(measures, 0x00180050) : null,
      stackId: (content && asciiText(content, 0x00209056)) || null,
      temporalPosition: content ? binaryAt(content, 0x00209128, 'UL') : null,
      echoTimeMs: echo ? binaryAt(echo, 0x00189082, 'FD') : null,
    }
  })
}

function binaryAt(dataset: Dataset, tag: number, vr: 'UL' | 'FD'): number | null {
  const element = dataset.elements.get(tag)
  if (element === undefined || element.length !== (vr === 'UL' ? 4 : 8)) return null
  return readNumber(dataset.source.view, { at: element.start, vr, littleEndian: dataset.syntax.littleEndian })
}

/** View Code Sequence by the meaning our own list gave it. */
function viewOf(dataset: Dataset): InstanceHeader['view'] {
  const [item] = itemsOf(dataset, 0x00540220)
  const meaning = item ? (asciiText(item, 0x00080104) ?? '') : ''
  if (meaning.includes('oblique')) return 'oblique'
  if (meaning.includes('lateral')) return 'lateral'
  if (meaning === 'postero-anterior') return 'pa'
  return meaning === 'antero-posterior' || meaning === 'frontal' ? 'ap' : null
}
