import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { crc32, deflateSync } from 'node:zlib'
import { folderExams } from '../apps/cli/src/dicom-folder.ts'
import { modelOnDisk } from '../apps/cli/src/shipped-model.ts'
import { sourceFiles } from '../apps/cli/src/source-files.ts'
import { LEVELS } from '../packages/grading/src/joint.ts'
import type { ProposedPoints } from '../packages/grading/src/model-answer.ts'
import { openExam } from '../packages/inference/src/exam-volumes.ts'
import {
  axialSlab,
  localiserSources,
  midlinePoint,
  type Slab,
  sagittalSlab,
  slabIndex,
} from '../packages/inference/src/localiser-slab.ts'
import { openModel } from '../packages/inference/src/open-model.ts'
import { proposePoints } from '../packages/inference/src/propose-points.ts'

// `node scripts/picture-proposals.ts <dicom folder> --localiser <id> [--out out/proposals]`: where a localiser puts the
// joints of real images, to be looked at. The pictures stay in an ignored folder.
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    localiser: { type: 'string' },
    out: { type: 'string', default: join(import.meta.dirname, '..', 'out', 'proposals') },
  },
})
const [folder] = positionals
if (folder === undefined || values.localiser === undefined) {
  process.stderr.write('a folder of DICOM files and --localiser are needed\n')
  process.exit(2)
}
mkdirSync(values.out, { recursive: true })
const model = await openModel({ ...(await modelOnDisk(values.localiser)), provider: 'cpu' })
const { exams } = await folderExams(await sourceFiles(folder), () => undefined)
for (const [index, { images, modality }] of exams.entries()) {
  if (!images || modality === 'xray') continue
  const proposed = await proposePoints(model, { images, levels: [...LEVELS] })
  tell(proposed)
  const sources = await localiserSources(openExam(images))
  if (sources.kind === 'abstained') continue
  const midline = midlinePoint(sources.sagittal, modality)
  const points = proposed.points.flatMap(({ point }) => (point.kind === 'lps' ? [{ ...point }] : []))
  const middles = LEVELS.flatMap((level) => {
    const own = points.filter((point) => point.level === level)
    const [a, b] = own
    return a && b ? [a.mm.map((at, axis) => (at + (b.mm[axis] ?? 0)) / 2) as [number, number, number]] : []
  })
  const sagittal = sagittalSlab(sources.sagittal, midline, 'stored')
  const axial = middles.map((middle) => axialSlab(sources.axial, middle, 'stored'))
  const name = join(values.out, `${modality}-${index}`)
  writePicture(`${name}-midline.png`, [marked(sagittal, middles)])
  if (axial.length > 0)
    writePicture(
      `${name}-axial.png`,
      axial.map((slab) =>
        marked(
          slab,
          points.map(({ mm }) => mm),
        ),
      ),
    )
  process.stdout.write(`pictures: ${name}-*.png\n`)
}
await model.release()

function tell({ points, naming, isNamingSure, abstained }: ProposedPoints): void {
  process.stdout.write(
    `${abstained ?? `${points.length} joints`}; naming ${naming?.toFixed(2) ?? '–'}${isNamingSure ? '' : ' (a person names the levels)'}\n`,
  )
  for (const { point, confidence } of points) {
    if (point.kind === 'lps')
      process.stdout.write(
        `  ${point.level} ${point.side} ${point.mm.map((mm) => mm.toFixed(1)).join(', ')} mm, confidence ${confidence.toFixed(2)}\n`,
      )
  }
}

type Picture = { width: number; height: number; grey: Uint8Array }

/** The middle slice, three times as large, with a cross where a point lies within a slice and a half. */
function marked(slab: Slab, points: readonly (readonly [number, number, number])[]): Picture {
  const [slices, rows, columns] = slab.shape
  const middle = (slices - 1) / 2
  const [width, height] = [columns * 3, rows * 3]
  const grey = new Uint8Array(width * height)
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const value = slab.values[(middle * rows + Math.floor(y / 3)) * columns + Math.floor(x / 3)] ?? 0
      grey[y * width + x] = Math.min(255, Math.max(0, value * 230))
    }
  }
  for (const point of points) {
    const [slice, row, column] = slabIndex(slab, point)
    if (Math.abs(slice - middle) > 1.5 && slab.shape[0] < 9) continue
    const [y, x] = [Math.round(row * 3 + 1), Math.round(column * 3 + 1)]
    for (let arm = -6; arm <= 6; arm += 1) {
      for (const [py, px] of [
        [y + arm, x],
        [y, x + arm],
      ] as const) {
        if (py >= 0 && py < height && px >= 0 && px < width) grey[py * width + px] = 255
      }
    }
  }
  return { width, height, grey }
}

/** Pictures of one size side by side, as a grey PNG. */
function writePicture(path: string, pictures: readonly Picture[]): void {
  const [first] = pictures
  if (!first) return
  const width = first.width * pictures.length
  const raw = new Uint8Array((width + 1) * first.height)
  for (const [index, { grey }] of pictures.entries()) {
    for (let row = 0; row < first.height; row += 1) {
      raw.set(grey.subarray(row * first.width, (row + 1) * first.width), row * (width + 1) + 1 + index * first.width)
    }
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(first.height, 4)
  head[8] = 8
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  writeFileSync(
    path,
    Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', deflateSync(raw)), chunk('IEND', Buffer.alloc(0))]),
  )
}

function chunk(type: string, data: Uint8Array): Buffer {
  const bytes = Buffer.alloc(12 + data.length)
  bytes.writeUInt32BE(data.length, 0)
  bytes.write(type, 4, 'latin1')
  bytes.set(data, 8)
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length)
  return bytes
}
