import { readFileSync } from 'node:fs'
import { decodeInstance } from '@facetgrade/dicom/decode-instance'
import { instanceHeaderOf } from '@facetgrade/dicom/read-instance-header'
import { sampleDicom, text, us } from '@facetgrade/dicom/sample-dicom'
import { judgeSeries } from '@facetgrade/dicom/series-geometry'
import type { DicomElement } from '@facetgrade/dicom/write-dicom'
import { Side } from '@facetgrade/grading/joint'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { cropProjection } from './crop-projection.ts'
import { cropCt, cropMr, mrRange } from './crop-volume.ts'
import { openVolume } from './open-volume.ts'

/**
 * Whole way from DICOM bytes to the values that a network sees, against vectors/preprocessing.json, which
 * vectors/preprocessing.py computed voxel by voxel in NumPy from the definition alone.
 */
const Numbers = z.array(z.number())
const Case = z.object({
  name: z.string(),
  rows: z.int(),
  columns: z.int(),
  slices: z.int(),
  spacing: z.tuple([z.number(), z.number()]),
  slope: z.number(),
  intercept: z.number(),
  photometric: z.string(),
  side: Side,
  expect: z.array(z.tuple([z.int(), z.int(), z.int(), z.number()])).min(40),
})
const VolumeCase = Case.extend({
  modality: z.enum(['ct', 'mr']),
  multiframe: z.boolean().optional(),
  iop: Numbers.length(6),
  positions: z.array(Numbers.length(3)),
  point: z.tuple([z.number(), z.number(), z.number()]),
})
const ProjectionCase = Case.extend({
  view: z.enum(['ap', 'pa', 'lateral', 'oblique']),
  patientRight: z.enum(['left-edge', 'right-edge', 'none']),
  orientation: z.array(z.string()).length(2),
  point: z.tuple([z.number(), z.number()]),
})
const Vectors = z.object({ volumes: z.array(VolumeCase), projections: z.array(ProjectionCase) })
const { volumes, projections } = Vectors.parse(
  JSON.parse(readFileSync(new URL('../vectors/preprocessing.json', import.meta.url), 'utf8')),
)

test.each(volumes)('volume, $name: every value within 1e-5 of NumPy', async (one) => {
  const volume = await volumeOf(one)
  const place = { pointMm: one.point, side: one.side, extent: 'stored' } as const
  const { values } = one.modality === 'ct' ? cropCt(volume, place) : cropMr(volume, place, mrRange(volume))
  expect(variety(one.expect)).toBeGreaterThan(10)
  expect(worstDifference(values, one.expect)).toBeLessThanOrEqual(1e-5)
})

test.each(projections)('projection, $name: every value within 1e-5 of NumPy', async (one) => {
  const bytes = sampleDicom({
    kind: 'dx',
    rows: one.rows,
    columns: one.columns,
    pixels: pixelsOf(one, 0),
    with: [
      text(0x00200020, 'CS', one.orientation.join('\\')),
      text(0x00280004, 'CS', one.photometric),
      text(0x00281052, 'DS', String(one.intercept)),
      text(0x00281053, 'DS', String(one.slope)),
    ],
  })
  const crop = cropProjection(await decodeInstance(bytes), {
    uv: one.point,
    side: one.side,
    view: { view: one.view, patientRight: one.patientRight, shownJoints: null },
    pixelSpacingMm: one.spacing,
  })
  expect(variety(one.expect)).toBeGreaterThan(10)
  expect(worstDifference(crop?.values ?? new Float32Array(0), one.expect)).toBeLessThanOrEqual(1e-5)
})

test.each(volumes)('volume, $name: what a network sees is the centre of what is stored', async (one) => {
  const volume = await volumeOf(one)
  const [stored, seen] = (['stored', 'seen'] as const).map((extent) =>
    cropCt(volume, { pointMm: one.point, side: one.side, extent }),
  )
  for (const [z, y, x] of one.expect) {
    if (z < 1 || z > 8 || y < 8 || y > 71 || x < 8 || x > 71) continue
    const [whole, centre] = [stored?.values[(z * 80 + y) * 80 + x], seen?.values[((z - 1) * 64 + y - 8) * 64 + x - 8]]
    expect(centre).toBeCloseTo(whole ?? Number.NaN, 6)
  }
  expect(seen?.coverage).toBeCloseTo(stored?.coverage ?? Number.NaN, 9)
})

type Expected = readonly (readonly [z: number, y: number, x: number, value: number])[]

/** Infinite where a value is missing. */
const worstDifference = (values: Float32Array, expected: Expected): number =>
  Math.max(
    ...expected.map(([z, y, x, value]) =>
      Math.abs((values[(z * 80 + y) * 80 + x] ?? Number.POSITIVE_INFINITY) - value),
    ),
  )

const variety = (expected: Expected): number => new Set(expected.map(([, , , value]) => value)).size

type AnyVolume = z.infer<typeof VolumeCase>

async function volumeOf(one: AnyVolume) {
  const files = one.multiframe === true ? [multiFrame(one)] : one.positions.map((_, index) => singleFrame(one, index))
  const headers = files.map(instanceHeaderOf)
  const bySop = new Map(headers.map(({ sopInstanceUid }, index) => [sopInstanceUid, files[index]]))
  const [stack] = judgeSeries(headers).stacks
  if (stack?.frames.length !== one.slices) throw new Error('not one stack')
  return openVolume(stack, async (uid) => bySop.get(uid) ?? new Uint8Array(0))
}

function singleFrame(one: AnyVolume, index: number) {
  return sampleDicom({
    kind: one.modality,
    rows: one.rows,
    columns: one.columns,
    pixels: pixelsOf(one, index),
    with: [
      text(0x00080018, 'UI', `1.2.3.4.5.6.${index}`),
      text(0x00200013, 'IS', String(index + 1)),
      text(0x00200032, 'DS', one.positions[index]?.join('\\') ?? ''),
      text(0x00200037, 'DS', one.iop.join('\\')),
      text(0x00280030, 'DS', one.spacing.join('\\')),
      text(0x00280004, 'CS', one.photometric),
      text(0x00281052, 'DS', String(one.intercept)),
      text(0x00281053, 'DS', String(one.slope)),
    ],
  })
}

function multiFrame(one: AnyVolume) {
  const sequence = (tag: number, ...items: DicomElement[]): DicomElement => ({ tag, vr: 'SQ', items: [items] })
  const words = one.positions.map((_, index) => pixelsOf(one, index))
  return sampleDicom({
    kind: 'enhanced-ct',
    rows: one.rows,
    columns: one.columns,
    pixels: new Uint8Array(Buffer.concat(words)),
    with: [
      text(0x00280008, 'IS', String(one.slices)),
      us(0x00280010, one.rows),
      {
        tag: 0x52009229,
        vr: 'SQ',
        items: [
          [
            sequence(0x00289110, text(0x00180050, 'DS', '2'), text(0x00280030, 'DS', one.spacing.join('\\'))),
            sequence(0x00209116, text(0x00200037, 'DS', one.iop.join('\\'))),
            sequence(
              0x00289145,
              text(0x00281052, 'DS', String(one.intercept)),
              text(0x00281053, 'DS', String(one.slope)),
            ),
          ],
        ],
      },
      {
        tag: 0x52009230,
        vr: 'SQ',
        items: one.positions.map((position) => [sequence(0x00209113, text(0x00200032, 'DS', position.join('\\')))]),
      },
    ],
  })
}

function pixelsOf({ rows, columns }: { rows: number; columns: number }, slice: number): Uint8Array {
  const words = new Uint16Array(rows * columns)
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const value = slice * 131 + row * 37 + column * 101 + ((row * column) % 17) * 13 + ((slice * row) % 5) * 29
      words[row * columns + column] = value % 2048
    }
  }
  return new Uint8Array(words.buffer)
}
