import { createHash } from 'node:crypto'
import { instanceHeaderOf } from '@facetgrade/dicom/read-instance-header'
import { judgeSeries } from '@facetgrade/dicom/series-geometry'
import { jointId, LEVELS } from '@facetgrade/grading/joint'
import { PointSet } from '@facetgrade/grading/points'
import { expect, test } from 'vitest'
import { type PhantomPatient, phantomPatient } from './phantom-patient.ts'

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex')
const made = (of: { index?: number; seed?: string } = {}): PhantomPatient =>
  phantomPatient({
    sha256,
    seed: of.seed ?? 'test',
    index: of.index ?? 0,
    modalities: ['CT', 'MR', 'DX'],
    size: 'compact',
    prevalence: 'natural',
  })
const digests = ({ files }: PhantomPatient): string[] =>
  files.map(({ bytes }) => createHash('sha256').update(bytes).digest('hex'))
const first = made()
const headers = first.files.map(({ bytes }) => instanceHeaderOf(bytes))

test('the same seed and index give the same bytes, another index or seed another patient', { timeout: 60_000 }, () => {
  const again = made()
  expect(digests(again)).toEqual(digests(first))
  expect(again.truth).toEqual(first.truth)
  expect(again.exams).toEqual(first.exams)
  for (const other of [made({ index: 1 }), made({ seed: 'other' })]) {
    expect(other.patient.patientId).not.toBe(first.patient.patientId)
    expect(new Set([...digests(other), ...digests(first)]).size).toBe(other.files.length + first.files.length)
  }
})

test('every series can be graded and its role is recognised', () => {
  const series = Object.values(Object.groupBy(headers, (header) => header.seriesInstanceUid)).map((all) =>
    judgeSeries(all ?? []),
  )
  expect(series.every((one) => one.gradable)).toBe(true)
  expect(series.map((one) => one.role).toSorted()).toEqual([
    'ap',
    'axial-bone',
    'axial-t1',
    'axial-t2',
    'lateral',
    'oblique',
    'oblique',
    'sagittal-t1',
    'sagittal-t2',
  ])
})

test('truth has every cell that a modality asks, and only those', () => {
  const count = (modality: string) => first.truth.filter((row) => row.modality === modality).length
  expect([count('ct'), count('mr'), count('xray')]).toEqual([50, 50, 30])
  for (const row of first.truth) {
    expect(row.grade).toBe(first.grades.get(jointId(row.level, row.side))?.[row.feature])
    if (row.cnr !== null) expect(row.visible).toBe(row.cnr >= 3)
  }
})

test('points lie inside their images, left of right and from the head down', () => {
  for (const exam of first.exams) {
    expect(PointSet.safeParse({ version: 1, source: 'import', points: exam.points }).success).toBe(true)
    const own = headers.filter((header) => header.studyInstanceUid === exam.study_uid)
    for (const point of exam.points) {
      if (point.kind === 'image') {
        const image = own.find((header) => header.sopInstanceUid === point.sop)
        expect(point.uv[0]).toBeGreaterThan(0)
        expect(point.uv[0]).toBeLessThan(image?.columns ?? 0)
        expect(point.uv[1]).toBeGreaterThan(0)
        expect(point.uv[1]).toBeLessThan(image?.rows ?? 0)
        continue
      }
      expect(own.every((header) => header.frameOfReferenceUid === point.frameOfReference)).toBe(true)
      const heights = own.map((header) => header.frames[0]?.position?.[2] ?? Number.NaN)
      expect(point.mm[2]).toBeGreaterThan(Math.min(...heights) + 10)
      expect(point.mm[2]).toBeLessThan(Math.max(...heights) - 10)
    }
    const lps = exam.points.flatMap((point) => (point.kind === 'lps' ? [point] : []))
    for (const level of lps.length > 0 ? LEVELS : []) {
      const at = (side: string) => lps.find((point) => point.level === level && point.side === side)?.mm[0] ?? 0
      expect(at('left')).toBeGreaterThan(at('right') + 20)
    }
    const left = lps.filter((point) => point.side === 'left').map((point) => point.mm[2])
    expect(left).toEqual(left.toSorted((a, b) => b - a))
  }
})
