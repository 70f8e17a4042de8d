import { randomStream } from '@facetgrade/grading/seeded-random'
import type { Sha256 } from '@facetgrade/grading/sha256'
import { type Attribute, dicomObject } from './dicom-object.ts'
import { project, VIEWS, type View } from './projection.ts'
import { CT_HU, EXTENT_MM, MR_T2, type Spine } from './spine.ts'
import { type Grid, renderSlice, sliceOrigin } from './volume.ts'

/** Who the files say they show. */
export type NamedPatient = {
  issuer: string
  patientId: string
  name: string
  sex: 'F' | 'M'
  birthDate: string
  examDate: string
}
export type ExamObject = { modality: 'CT' | 'MR' | 'DX'; bytes: Uint8Array<ArrayBuffer> }
type Maker = { sha256: Sha256; seed: string; spine: Spine; patient: NamedPatient }

const SOP_CLASS = {
  CT: '1.2.840.10008.5.1.4.1.1.2',
  MR: '1.2.840.10008.5.1.4.1.1.4',
  DX: '1.2.840.10008.5.1.4.1.1.1.1',
} as const

/** A UID under 2.25 from a hash: 128 bits as a decimal. */
export const uidOf = (maker: Maker, name: string): string =>
  `2.25.${BigInt(`0x${maker.sha256(`${maker.seed}|${maker.patient.patientId}|${name}`).slice(0, 32)}`)}`
const decimals = (values: readonly number[]): string =>
  values.map((value) => String(Math.round(value * 1e6) / 1e6)).join('\\')
const text = (tag: number, vr: Attribute['vr'], value: string): Attribute => ({ tag, vr, value })
const words = (tag: number, ...value: number[]): Attribute => ({ tag, vr: 'US', value })

function patientAndStudy(maker: Maker, modality: 'CT' | 'MR' | 'DX', description: string): Attribute[] {
  const { patient } = maker
  return [
    text(0x00080005, 'CS', 'ISO_IR 100'),
    text(0x00080020, 'DA', patient.examDate),
    text(0x00080021, 'DA', patient.examDate),
    text(0x00080023, 'DA', patient.examDate),
    text(0x00080030, 'TM', '101500'),
    text(0x00080033, 'TM', '101600'),
    text(0x00080050, 'SH', `A${patient.patientId}`.slice(0, 16)),
    text(0x00080060, 'CS', modality),
    text(0x00080070, 'LO', 'FacetGrade phantom'),
    text(0x00080080, 'LO', 'Invented Hospital'),
    text(0x00080090, 'PN', 'Referrer^Invented'),
    text(0x0008103e, 'LO', description),
    text(0x00100010, 'PN', patient.name),
    text(0x00100020, 'LO', patient.patientId),
    text(0x00100021, 'LO', patient.issuer),
    text(0x00100030, 'DA', patient.birthDate),
    text(0x00100040, 'CS', patient.sex),
    text(0x0020000d, 'UI', uidOf(maker, `study-${modality}`)),
    text(0x00200010, 'SH', '1'),
    text(0x00200011, 'IS', '1'),
    words(0x00280002, 1),
    words(0x00280100, 16),
  ]
}

type Stack = {
  modality: 'CT' | 'MR'
  name: string
  description: string
  grid: Grid
  noise: number
  stored: (value: number) => number
  specific: readonly Attribute[]
}

function stackObjects(maker: Maker, stack: Stack): ExamObject[] {
  const random = randomStream(maker.sha256, maker.seed, `noise-${stack.name}`)
  const { grid, modality } = stack
  return Array.from({ length: grid.slices }, (_, slice) => {
    const contrast = modality === 'CT' ? CT_HU : MR_T2
    const values = renderSlice({ spine: maker.spine, contrast, grid }, slice, {
      random,
      standardDeviation: stack.noise,
    })
    const pixels = modality === 'CT' ? Int16Array.from(values, stack.stored) : Uint16Array.from(values, stack.stored)
    const attributes: Attribute[] = [
      ...patientAndStudy(maker, modality, stack.description),
      ...stack.specific,
      text(0x00080008, 'CS', 'ORIGINAL\\PRIMARY\\AXIAL'.replace('AXIAL', modality === 'CT' ? 'AXIAL' : 'OTHER')),
      text(0x00180050, 'DS', decimals([grid.sliceMm])),
      text(0x0020000e, 'UI', uidOf(maker, `series-${stack.name}`)),
      text(0x00200013, 'IS', String(slice + 1)),
      text(0x00200032, 'DS', decimals(sliceOrigin(grid, slice))),
      text(0x00200037, 'DS', decimals([...grid.rowDirection, ...grid.columnDirection])),
      text(0x00200052, 'UI', uidOf(maker, `frame-${modality}`)),
      text(0x00201040, 'LO', ''),
      text(0x00280004, 'CS', 'MONOCHROME2'),
      words(0x00280010, grid.rows),
      words(0x00280011, grid.columns),
      text(0x00280030, 'DS', decimals([grid.pixelMm, grid.pixelMm])),
      words(0x00280101, 16),
      words(0x00280102, 15),
      words(0x00280103, modality === 'CT' ? 1 : 0),
    ]
    const sopInstanceUid = uidOf(maker, `${stack.name}-${slice}`)
    return { modality, bytes: dicomObject({ sopClassUid: SOP_CLASS[modality], sopInstanceUid, attributes, pixels }) }
  })
}

/** Axial CT. Stored values are Hounsfield units plus 1024. */
export function ctObjects(maker: Maker, size: { pixelMm: number; sliceMm: number }): ExamObject[] {
  const columns = Math.round(112 / size.pixelMm)
  const grid: Grid = {
    origin: [-56, -40, EXTENT_MM.low],
    rowDirection: [1, 0, 0],
    columnDirection: [0, 1, 0],
    sliceDirection: [0, 0, 1],
    columns,
    rows: columns,
    slices: Math.round((EXTENT_MM.high - EXTENT_MM.low) / size.sliceMm),
    ...size,
  }
  const specific = [
    text(0x00180060, 'DS', '120'),
    text(0x00181210, 'SH', 'B60s'),
    text(0x00281050, 'DS', '500'),
    text(0x00281051, 'DS', '2000'),
    text(0x00281052, 'DS', '-1024'),
    text(0x00281053, 'DS', '1'),
    text(0x00281054, 'LO', 'HU'),
  ]
  return stackObjects(maker, {
    modality: 'CT',
    name: 'ct',
    description: 'Lumbar spine bone',
    grid,
    noise: 18,
    stored: (hu) => Math.round(hu) + 1024,
    specific,
  })
}

const MR_SPECIFIC = [
  text(0x00180020, 'CS', 'SE'),
  text(0x00180021, 'CS', 'SK'),
  text(0x00180022, 'CS', ''),
  text(0x00180023, 'CS', '2D'),
  text(0x00180080, 'DS', '3500'),
  text(0x00180081, 'DS', '100'),
  text(0x00180091, 'IS', '16'),
]
const mrStored = (signal: number): number => Math.max(0, Math.round(signal * 900))

/** Axial T2, slices of 4 mm. */
export function mrAxialObjects(maker: Maker, size: { pixelMm: number; sliceMm: number }): ExamObject[] {
  const columns = Math.round(112 / size.pixelMm)
  const grid: Grid = {
    origin: [-56, -40, EXTENT_MM.low],
    rowDirection: [1, 0, 0],
    columnDirection: [0, 1, 0],
    sliceDirection: [0, 0, 1],
    columns,
    rows: columns,
    slices: Math.round((EXTENT_MM.high - EXTENT_MM.low) / size.sliceMm),
    ...size,
  }
  return stackObjects(maker, {
    modality: 'MR',
    name: 't2-axial',
    description: 'T2 axial',
    grid,
    noise: 0.03,
    stored: mrStored,
    specific: MR_SPECIFIC,
  })
}

/** Sagittal T2 from the patient's right to the left. */
export function mrSagittalObjects(maker: Maker, size: { pixelMm: number; sliceMm: number }): ExamObject[] {
  const grid: Grid = {
    origin: [-30, -40, EXTENT_MM.high],
    rowDirection: [0, 1, 0],
    columnDirection: [0, 0, -1],
    sliceDirection: [1, 0, 0],
    columns: Math.round(112 / size.pixelMm),
    rows: Math.round((EXTENT_MM.high - EXTENT_MM.low) / size.pixelMm),
    slices: Math.round(60 / size.sliceMm) + 1,
    ...size,
  }
  return stackObjects(maker, {
    modality: 'MR',
    name: 't2-sagittal',
    description: 'T2 sagittal',
    grid,
    noise: 0.03,
    stored: mrStored,
    specific: MR_SPECIFIC,
  })
}

/** Patient Orientation (C.7.6.1.1.1): direction of the rows, then of the columns. */
const ORIENTATION: Record<View, string> = { AP: 'L\\F', LL: 'P\\F', RPO: 'L\\F', LPO: 'L\\F' }

/** Digital X-ray, one image per view. */
export function dxObjects(maker: Maker, size: { pixelMm: number }): ExamObject[] {
  return VIEWS.map((view, index) => {
    const random = randomStream(maker.sha256, maker.seed, `noise-${view}`)
    const image = project(maker.spine, view, { pixelMm: size.pixelMm, random })
    const attributes: Attribute[] = [
      ...patientAndStudy(maker, 'DX', `Lumbar spine ${view}`),
      text(0x00080008, 'CS', 'ORIGINAL\\PRIMARY'),
      text(0x00080068, 'CS', 'FOR PRESENTATION'),
      text(0x00180015, 'CS', 'LSPINE'),
      text(0x00181164, 'DS', decimals([size.pixelMm, size.pixelMm])),
      text(0x00185101, 'CS', view),
      text(0x0020000e, 'UI', uidOf(maker, `series-${view}`)),
      text(0x00200013, 'IS', String(index + 1)),
      text(0x00200020, 'CS', ORIENTATION[view]),
      text(0x00200062, 'CS', 'U'),
      text(0x00280004, 'CS', 'MONOCHROME2'),
      words(0x00280010, image.rows),
      words(0x00280011, image.columns),
      words(0x00280101, 12),
      words(0x00280102, 11),
      words(0x00280103, 0),
      text(0x00280301, 'CS', 'NO'),
      text(0x00281040, 'CS', 'LOG'),
      { tag: 0x00281041, vr: 'SS', value: [1] },
      text(0x00281050, 'DS', '2048'),
      text(0x00281051, 'DS', '4096'),
      text(0x00281052, 'DS', '0'),
      text(0x00281053, 'DS', '1'),
      text(0x00281054, 'LO', 'US'),
      text(0x20500020, 'CS', 'IDENTITY'),
    ]
    const pixels = Uint16Array.from(image.values, Math.round)
    return {
      modality: 'DX',
      bytes: dicomObject({ sopClassUid: SOP_CLASS.DX, sopInstanceUid: uidOf(maker, `dx-${view}`), attributes, pixels }),
    }
  })
}
