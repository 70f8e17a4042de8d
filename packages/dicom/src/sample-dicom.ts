import { type DicomElement, type WriteOptions, writeDicom } from './write-dicom.ts'

/** Small valid originals to test with: invented patient, 16 × 16 pixels. */
export type Sample = {
  kind?: 'ct' | 'mr' | 'dx' | 'cr' | 'enhanced-ct'
  rows?: number
  columns?: number
  bitsStored?: number
  isSigned?: boolean
  pixels?: Uint8Array
  /** Replace or add attributes. */
  with?: readonly DicomElement[]
  /** Leave attributes out. */
  without?: readonly number[]
  write?: WriteOptions
}

const CLASS = {
  ct: ['1.2.840.10008.5.1.4.1.1.2', 'CT'],
  mr: ['1.2.840.10008.5.1.4.1.1.4', 'MR'],
  dx: ['1.2.840.10008.5.1.4.1.1.1.1', 'DX'],
  cr: ['1.2.840.10008.5.1.4.1.1.1', 'CR'],
  'enhanced-ct': ['1.2.840.10008.5.1.4.1.1.2.1', 'CT'],
} as const

export const text = (tag: number, vr: Extract<DicomElement, { text: string }>['vr'], value: string): DicomElement => ({
  tag,
  vr,
  text: value,
})
export const us = (tag: number, ...numbers: number[]): DicomElement => ({ tag, vr: 'US', numbers })

const GEOMETRY: readonly DicomElement[] = [
  text(0x00180050, 'DS', '1.5'),
  text(0x00200032, 'DS', '-100.5\\-80\\42.25'),
  text(0x00200037, 'DS', '1\\0\\0\\0\\1\\0'),
  text(0x00280030, 'DS', '0.5\\0.5'),
  text(0x00281052, 'DS', '-1024'),
  text(0x00281053, 'DS', '1'),
]

const SHARED_GROUPS: DicomElement = {
  tag: 0x52009229,
  vr: 'SQ',
  items: [
    [
      { tag: 0x00289110, vr: 'SQ', items: [[text(0x00180050, 'DS', '2'), text(0x00280030, 'DS', '0.7\\0.7')]] },
      { tag: 0x00209116, vr: 'SQ', items: [[text(0x00200037, 'DS', '1\\0\\0\\0\\1\\0')]] },
    ],
  ],
}

const frameGroups = (z: number): DicomElement[] => [
  { tag: 0x00209113, vr: 'SQ', items: [[text(0x00200032, 'DS', `0\\0\\${z}`)]] },
]

const ENHANCED: readonly DicomElement[] = [
  text(0x00280008, 'IS', '3'),
  SHARED_GROUPS,
  { tag: 0x52009230, vr: 'SQ', items: [frameGroups(0), frameGroups(2), frameGroups(4)] },
]

export function sampleElements(sample: Sample = {}): DicomElement[] {
  const { kind = 'ct', rows = 16, columns = 16, bitsStored = 12, isSigned = false } = sample
  const [sopClassUid, modality] = CLASS[kind]
  const frames = kind === 'enhanced-ct' ? 3 : 1
  const pixels = sample.pixels ?? rampPixels(rows * columns * frames)
  const own =
    kind === 'enhanced-ct' ? ENHANCED : kind === 'dx' || kind === 'cr' ? [text(0x00200020, 'CS', 'L\\F')] : GEOMETRY
  const elements: DicomElement[] = [
    text(0x00080008, 'CS', 'ORIGINAL\\PRIMARY\\AXIAL'),
    text(0x00080016, 'UI', sopClassUid),
    text(0x00080018, 'UI', '1.2.3.4.5.6'),
    text(0x00080020, 'DA', '20230510'),
    text(0x00080030, 'TM', '101112'),
    text(0x00080050, 'SH', 'ACC1'),
    text(0x00080060, 'CS', modality),
    text(0x00080070, 'LO', 'SIEMENS'),
    text(0x00080090, 'PN', 'Referrer^R'),
    text(0x0008103e, 'LO', 'SAG T2 Smith 4711'),
    text(0x00100010, 'PN', 'Example^Person'),
    text(0x00100020, 'LO', 'ID-0001'),
    text(0x00100030, 'DA', '19600511'),
    text(0x00100040, 'CS', 'F'),
    text(0x0020000d, 'UI', '1.2.3.4'),
    text(0x0020000e, 'UI', '1.2.3.4.5'),
    text(0x00200010, 'SH', 'S1'),
    text(0x00200011, 'IS', '2'),
    text(0x00200013, 'IS', '7'),
    text(0x00200052, 'UI', '1.2.3.9'),
    us(0x00280002, 1),
    text(0x00280004, 'CS', 'MONOCHROME2'),
    us(0x00280010, rows),
    us(0x00280011, columns),
    us(0x00280100, 16),
    us(0x00280101, bitsStored),
    us(0x00280102, bitsStored - 1),
    us(0x00280103, isSigned ? 1 : 0),
    ...own,
    { tag: 0x7fe00010, vr: 'OW', bytes: pixels },
  ]
  const replaced = new Set([...(sample.with ?? []).map(({ tag }) => tag), ...(sample.without ?? [])])
  return [...elements.filter(({ tag }) => !replaced.has(tag)), ...(sample.with ?? [])]
}

export const sampleDicom = (sample: Sample = {}): Uint8Array<ArrayBuffer> =>
  writeDicom(sampleElements(sample), sample.write)

/** Values 0, 1, 2 … as 16-bit little endian words within 12 bits. */
export function rampPixels(count: number): Uint8Array {
  const words = Uint16Array.from({ length: count }, (_, index) => index % 4096)
  return new Uint8Array(words.buffer)
}
