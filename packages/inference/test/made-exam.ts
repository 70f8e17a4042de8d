import { instanceHeaderOf } from '@facetgrade/dicom/read-instance-header'
import { sampleDicom, text } from '@facetgrade/dicom/sample-dicom'
import { judgeSeries } from '@facetgrade/dicom/series-geometry'
import type { DicomElement } from '@facetgrade/dicom/write-dicom'
import type { ExamImages } from '../src/exam-volumes.ts'

export const FRAME_OF_REFERENCE = '1.2.3.9'

export type MadeStack = {
  kind?: 'ct' | 'mr'
  /** Hounsfield units (CT) or signal (MR) at a patient point, mm. */
  value: (x: number, y: number, z: number) => number
  plane?: 'axial' | 'sagittal'
  size?: number
  pixelMm?: number
  slices?: number
  sliceMm?: number
  /** Middle of the stack. */
  centreMm?: readonly [number, number, number]
  /** `SAG T2`, `AX T1` … */
  description?: string
  /** Leaves these slices out. */
  without?: readonly number[]
  series?: number
  with?: readonly DicomElement[]
}

/** DICOM files of one invented stack, sampled from a function of patient space. */
export function madeStack(of: MadeStack): Uint8Array<ArrayBuffer>[] {
  const { kind = 'ct', plane = 'axial', size = 96, pixelMm = 0.7, slices = 32, sliceMm = 1, series = 1 } = of
  const [cx, cy, cz] = of.centreMm ?? [0, 0, 0]
  const [row, column, normal] =
    plane === 'axial'
      ? ([
          [1, 0, 0],
          [0, 1, 0],
          [0, 0, 1],
        ] as const)
      : ([
          [0, 1, 0],
          [0, 0, -1],
          [-1, 0, 0],
        ] as const)
  const half = ((size - 1) / 2) * pixelMm
  return Array.from({ length: slices }, (_, slice) => {
    const along = (slice - (slices - 1) / 2) * sliceMm
    const origin = [cx, cy, cz].map(
      (middle, axis) => middle - half * ((row[axis] ?? 0) + (column[axis] ?? 0)) + along * (normal[axis] ?? 0),
    )
    const words = new Int16Array(size * size)
    for (let r = 0; r < size; r += 1) {
      for (let c = 0; c < size; c += 1) {
        const at = (axis: number) => (origin[axis] ?? 0) + pixelMm * (c * (row[axis] ?? 0) + r * (column[axis] ?? 0))
        words[r * size + c] = Math.round(of.value(at(0), at(1), at(2))) + (kind === 'ct' ? 1024 : 0)
      }
    }
    return sampleDicom({
      kind,
      rows: size,
      columns: size,
      bitsStored: 16,
      isSigned: true,
      pixels: new Uint8Array(words.buffer),
      with: [
        text(0x00080018, 'UI', `1.2.3.4.${series}.${slice + 1}`),
        text(0x0020000e, 'UI', `1.2.3.5.${series}`),
        text(0x0008103e, 'LO', of.description ?? ''),
        text(0x00200013, 'IS', String(slice + 1)),
        text(0x00200032, 'DS', origin.map((mm) => String(Math.round(mm * 1e6) / 1e6)).join('\\')),
        text(0x00200037, 'DS', [...row, ...column].join('\\')),
        text(0x00280030, 'DS', `${pixelMm}\\${pixelMm}`),
        text(0x00281052, 'DS', kind === 'ct' ? '-1024' : '0'),
        ...(of.with ?? []),
      ],
    })
  }).filter((_, slice) => !(of.without ?? []).includes(slice))
}

/** The exam that these files make, judged as an import judges it. */
export function madeExam(
  files: readonly Uint8Array<ArrayBuffer>[],
  xraySides: ExamImages['xraySides'] = {},
): ExamImages {
  const headers = files.map(instanceHeaderOf)
  const bySop = new Map(headers.map(({ sopInstanceUid }, index) => [sopInstanceUid, files[index]]))
  const groups = [...Map.groupBy(headers, ({ seriesInstanceUid }) => seriesInstanceUid).values()]
  return {
    modality: headers[0]?.modality ?? 'ct',
    series: groups.flatMap((group) => {
      const { stacks, role } = judgeSeries(group)
      return stacks.map((stack) => ({ stack, role }))
    }),
    xraySides,
    instanceBytes: async (sop) => {
      const bytes = bySop.get(sop)
      if (!bytes) throw new RangeError('no such instance')
      return bytes
    },
  }
}

/** Something with bone, fat and soft tissue everywhere, different left and right. */
export const tissue = (x: number, y: number, z: number): number =>
  60 + 500 * Math.max(0, Math.sin(x / 3 + y / 5) * Math.cos(z / 4 + x / 9)) - 90 * Math.max(0, Math.sin(y / 7))
