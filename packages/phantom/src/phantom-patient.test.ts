import { createHash } from 'node:crypto'
import { instanceHeaderOf } from '@facetgrade/dicom/read-instance-header'
import { judgeSeries } from '@facetgrade/dicom/series-geometry'
import { jointId } from '@facetgrade/grading/joint'
import { type JointPoint, PointSet } from '@facetgrade/grading/points'
import { expect, test } from 'vitest'
import type { ExamPoints } from './cohort-tables.ts'
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
    expect(row.visible).toBe(row.cnr === null || row.cnr >= 3)
  }
})

/** What of an exam's images a point lies in: from the first to the last voxel, in mm or pixels. */
function insideOf(exam: ExamPoints, point: JointPoint): { at: number; low: number; high: number }[] {
  const own = headers.filter((header) => header.studyInstanceUid === exam.study_uid)
  if (point.kind === 'image') {
    const image = own.find((header) => header.sopInstanceUid === point.sop)
    return [
      { at: point.uv[0], low: 0, high: (image?.columns ?? 0) - 1 },
      { at: point.uv[1], low: 0, high: (image?.rows ?? 0) - 1 },
    ]
  }
  const axial = own.filter((header) => header.frames[0]?.orientation?.[4] === 1)
  const [one] = axial
  const [x, y] = one?.frames[0]?.position ?? [Number.NaN, Number.NaN]
  const [spacing = Number.NaN] = one?.frames[0]?.pixelSpacingMm ?? []
  const heights = axial.map((header) => header.frames[0]?.position?.[2] ?? Number.NaN)
  return [
    { at: point.mm[0], low: x, high: x + ((one?.columns ?? 0) - 1) * spacing },
    { at: point.mm[1], low: y, high: y + ((one?.rows ?? 0) - 1) * spacing },
    { at: point.mm[2], low: Math.min(...heights), high: Math.max(...heights) },
  ]
}

test('points lie inside their images, with room for a crop where there are slices', () => {
  for (const exam of first.exams) {
    expect(PointSet.safeParse({ version: 1, source: 'import', points: exam.points }).success).toBe(true)
    const room = exam.modality === 'xray' ? 10 : 12
    for (const { at, low, high } of exam.points.flatMap((point) => insideOf(exam, point))) {
      expect(at).toBeGreaterThan(low + room)
      expect(at).toBeLessThan(high - room)
    }
  }
})

test("on CT and MR the left joint lies at higher x, and levels run from the head down, in the exam's own frame", () => {
  for (const exam of first.exams.filter(({ modality }) => modality !== 'xray')) {
    const own = headers.filter((header) => header.studyInstanceUid === exam.study_uid)
    const lps = exam.points.flatMap((point) => (point.kind === 'lps' ? [point] : []))
    expect(
      new Set([...lps, ...own].map((one) => ('mm' in one ? one.frameOfReference : one.frameOfReferenceUid))).size,
    ).toBe(1)
    const of = (side: string) => lps.filter((point) => point.side === side).map(({ mm }) => mm)
    expect(of('left').map(([, , z]) => z)).toEqual(
      of('left')
        .map(([, , z]) => z)
        .toSorted((a, b) => b - a),
    )
    of('left').forEach(([x], level) => {
      expect(x).toBeGreaterThan((of('right')[level]?.[0] ?? Number.NaN) + 20)
    })
  }
})

test('obliques show the joints of one side: the right ones in RPO, the left ones in LPO', () => {
  const sides = (view: string): string[] => {
    const image = headers.find((header) => header.viewPosition === view)
    const points = first.exams.flatMap((exam) => exam.points)
    return [
      ...new Set(
        points.filter((point) => point.kind === 'image' && point.sop === image?.sopInstanceUid).map(({ side }) => side),
      ),
    ]
  }
  expect(sides('RPO')).toEqual(['right'])
  expect(sides('LPO')).toEqual(['left'])
  expect(sides('AP').toSorted()).toEqual(['left', 'right'])
})
