import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JointPoint } from '@facetgrade/grading/points'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FRAME_OF_REFERENCE, madeExam, madeStack, tissue } from '../test/made-exam.ts'
import type { ExportHead, ExportPatient } from './export-patient.ts'
import { writeTrainingExport } from './node-training-export.ts'
import { TrainingExportManifest } from './training-export-manifest.ts'

let folder = ''
let out = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'facetgrade-export-'))
  out = join(folder, 'export')
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const cutOffs = { narrowing: 3, hypertrophy: 3, osteophytes: 3, erosion: 3, cyst: 3, severity: 3 }
const head: ExportHead = {
  studyCode: 'made',
  studyKind: 'synthetic',
  splitSeal: 'a'.repeat(64),
  protocol: { version: 1, hash: 'b'.repeat(64) },
  partSizes: { train: 2, validation: 1, test: 1 },
  labels: 'readers',
  modalities: ['ct'],
  cutOffs: { ct: cutOffs, mr: cutOffs, xray: cutOffs },
}
const points: JointPoint[] = (['left', 'right'] as const).map((side) => ({
  level: 'L4L5',
  side,
  kind: 'lps',
  mm: [side === 'left' ? 9 : -9, 1, 0.5],
  frameOfReference: FRAME_OF_REFERENCE,
}))

function patient(number: number, part: string): ExportPatient {
  const images = madeExam(madeStack({ value: (x, y, z) => tissue(x + number, y, z) }))
  const sops = images.series.flatMap(({ stack }) => stack.frames.map(({ sopInstanceUid }) => sopInstanceUid))
  return {
    patientCode: `P000000000${number}`,
    part,
    sex: 'F',
    ageYears: 60 + number,
    exams: [
      {
        examId: `exam-${number}`,
        points,
        images,
        pixelHashes: new Map(sops.map((sop) => [sop, hashOf(`${number} ${sop}`)])),
        labels: [
          { level: 'L4L5', side: 'left', feature: 'narrowing', grades: [1, 2, 2, 3], answers: 4 },
          { level: 'L4L5', side: 'left', feature: 'cyst', grades: [0], answers: 4 },
          { level: 'L4L5', side: 'left', feature: 'erosion', grades: [], answers: 4 },
          { level: 'L4L5', side: 'right', feature: 'narrowing', grades: [0, 0], answers: 2 },
        ],
      },
    ],
  }
}

const hashOf = (data: Uint8Array | string): string => createHash('sha256').update(data).digest('hex')

async function* stream(...patients: ExportPatient[]): AsyncGenerator<ExportPatient> {
  yield* patients
}

test('arrays, labels and rows of every joint stand in the folder, and the manifest fixes every file', async () => {
  const summary = await writeTrainingExport({
    folder: out,
    head,
    patients: stream(patient(1, 'train'), patient(2, 'validation'), patient(3, 'train')),
  })
  expect(summary).toMatchObject({ joints: { ct: 6 }, patients: { train: 2, validation: 1 }, leftOut: {} })
  const bytes = readFileSync(join(out, 'manifest.json'))
  const manifest = TrainingExportManifest.parse(JSON.parse(bytes.toString()))
  expect(summary.dataHash).toBe(hashOf(bytes))
  const hashes = Object.keys(manifest.files).map((name) => [name, hashOf(readFileSync(join(out, name)))])
  expect(Object.entries(manifest.files).map(([name, { sha256 }]) => [name, sha256])).toEqual(hashes)
  expect(readdirSync(folder)).toEqual(['export'])
  expect(readNpy('crops.npy', Float16Array)).toMatchObject({ shape: [6, 10, 80, 80] })
  const labels = readNpy('labels.npy', Float32Array)
  expect(labels.shape).toEqual([6, 6, 3])
  // Rows go by level and side: left, right of each patient.
  expect(Array.from(labels.values.subarray(0, 3))).toEqual([1, 0.75, 0.25])
  expect(Array.from(readNpy('mask.npy', Float32Array).values.subarray(0, 6))).toEqual([1, 0, 0, 0, 0.25, 0])
  expect(Array.from(readNpy('truth.npy', Int8Array).values.subarray(0, 12))).toEqual([
    2, -1, -1, -1, 0, -1, 0, -1, -1, -1, -1, -1,
  ])
  expect(manifest.grader.ct?.classCounts.train.narrowing).toEqual([2, 0, 2, 0])
  const [columns, first] = readFileSync(join(out, 'grader/ct/rows.csv'), 'utf8').split('\n')
  expect(columns).toBe('row,patient,part,modality,level,side,age_years,sex,exam,input_hash,pixel_hash')
  expect(first).toMatch(/^0,P0000000001,train,ct,L4L5,left,61,F,exam-1,[0-9a-f]{64},[0-9a-f]{64}$/)
  expect(manifest.localiser.ct).toMatchObject({ sagittal: 3, axial: 3 })
  expect(manifest.pixelHashes.count).toBe(3 * 32)
})

test('a right joint is stored as the left joint that it mirrors', async () => {
  const symmetric = (x: number, y: number, z: number) => tissue(Math.abs(x), y, z)
  const images = madeExam(madeStack({ value: symmetric }))
  const mirrored = points.map((point) => ({ ...point }))
  const [one] = patient(1, 'train').exams
  if (!one) throw new Error('no exam')
  const labels = (['left', 'right'] as const).map((side) => ({
    level: 'L4L5' as const,
    side,
    feature: 'narrowing' as const,
    grades: [1],
    answers: 1,
  }))
  await writeTrainingExport({
    folder: out,
    head,
    patients: stream({ ...patient(1, 'train'), exams: [{ ...one, images, points: mirrored, labels }] }),
  })
  const { values } = readNpy('crops.npy', Float16Array)
  const size = 10 * 80 * 80
  let worst = 0
  for (let at = 0; at < size; at += 1) worst = Math.max(worst, Math.abs((values[at] ?? 0) - (values[size + at] ?? 1)))
  expect(worst).toBeLessThan(1e-3)
})

test.each([
  ['a planted test patient', 'TEST_PATIENT', () => stream(patient(1, 'train'), patient(2, 'test'))],
  ['a patient twice', 'PATIENT_TWICE', () => stream(patient(1, 'train'), patient(1, 'validation'))],
  [
    'one image in two parts',
    'IMAGE_IN_TWO_PARTS',
    () => stream(patient(1, 'train'), { ...patient(1, 'validation'), patientCode: 'P0000000009' }),
  ],
  ['nothing to learn from', 'NOTHING_TO_EXPORT', () => stream({ ...patient(1, 'train'), exams: [] })],
])('%s is refused with %s, and nothing stays behind', async (_, code, patients) => {
  await expect(writeTrainingExport({ folder: out, head, patients: patients() })).rejects.toMatchObject({ code })
  expect(readdirSync(folder)).toEqual([])
})

function readNpy<Values extends Float16Array | Float32Array | Int8Array>(
  name: string,
  Type: { new (buffer: ArrayBuffer, offset: number): Values },
): { shape: number[]; values: Values } {
  const bytes = new Uint8Array(readFileSync(join(out, 'grader/ct', name)))
  const header = new TextDecoder().decode(bytes.subarray(10, 128))
  const shape =
    /'shape': \(([\d, ]+)\)/
      .exec(header)?.[1]
      ?.split(',')
      .flatMap((one) => (one.trim() ? [Number(one)] : [])) ?? []
  return { shape, values: new Type(bytes.buffer, 128) }
}
