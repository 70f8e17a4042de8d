import { readFileSync } from 'node:fs'
import type { CellKey, CellValue } from '@facetgrade/grading/cell'
import { FEATURES } from '@facetgrade/grading/feature'
import { LEVELS, SIDES } from '@facetgrade/grading/joint'
import type { Modality } from '@facetgrade/grading/modality'
import { Protocol } from '@facetgrade/grading/protocol'
import { expect, test } from 'vitest'
import { evaluationCells, type ModelCell } from './evaluation-cells.ts'
import type { CaseCell } from './evaluation-store.ts'

const document: unknown = JSON.parse(
  readFileSync(new URL('../../../../protocols/lumbar-facet-joint.json', import.meta.url), 'utf8'),
)
const shipped = Protocol.parse(document)
const againstCt = Protocol.parse({ ...shipped, referenceTargets: { xray: 'ct' } })
const graded = (grade: number): CellValue => ({ kind: 'graded', grade })
const patientCode = 'P0000000001'
const aCase = (modality: Modality) => ({ patientCode, modality, lumbarVertebrae: 'five' as const })
const JOINTS = LEVELS.flatMap((level) => SIDES.map((side) => ({ level, side })))

/** The same grade in every cell of a modality. */
const all = (modality: Modality, grade: number): CaseCell[] =>
  JOINTS.flatMap((joint) =>
    FEATURES.map((feature) => ({ patientCode, modality, cell: { ...joint, feature }, value: graded(grade) })),
  )
const says = (modality: Modality, cell: CellKey, grade: number): ModelCell => ({
  patientCode,
  modality,
  cell,
  value: graded(grade),
  probabilities: [0.1, 0.2, 0.3, 0.4],
})
const at = { level: 'L4L5', side: 'left' } as const
const cellOf = (cells: ReturnType<typeof evaluationCells>, feature: string) =>
  cells.find((cell) => cell.level === 'L4L5' && cell.side === 'left' && cell.feature === feature)

test('X-ray against its own reference has no severity: without erosion and cyst the rule would guess', () => {
  const cells = evaluationCells(shipped, [aCase('xray')], {
    reference: all('xray', 1),
    ratings: new Map([['J1', all('xray', 1)]]),
  })
  expect(new Set(cells.map(({ feature }) => feature))).toEqual(new Set(['narrowing', 'hypertrophy', 'osteophytes']))
})

test('X-ray against CT takes the truth of CT, and severity from the head of the model alone', () => {
  const models = new Map([
    ['m', { modalities: ['xray' as const], cells: [says('xray', { ...at, feature: 'severity' }, 3)] }],
  ])
  const cells = evaluationCells(againstCt, [aCase('xray')], {
    reference: [...all('xray', 0), ...all('ct', 2)],
    ratings: new Map([['J1', all('xray', 1)]]),
    models,
  })
  expect(cellOf(cells, 'narrowing')).toMatchObject({ reference: graded(2), ratings: { J1: graded(1) } })
  expect(cellOf(cells, 'severity')).toMatchObject({
    reference: { kind: 'graded' },
    ratings: { J1: { kind: 'not_applicable' }, m: graded(3) },
    probabilities: { m: [0.1, 0.2, 0.3, 0.4] },
  })
  expect(cells.filter(({ feature }) => feature === 'severity')).toHaveLength(10)
})

test('a severity that is only known as an interval is missing, of readers and of the reference', () => {
  const known = all('ct', 1).filter(({ cell }) => cell.feature !== 'cyst')
  const cells = evaluationCells(shipped, [aCase('ct')], { reference: all('ct', 1), ratings: new Map([['J1', known]]) })
  expect(cellOf(cells, 'severity')?.ratings['J1']).toMatchObject({ kind: 'not_assessable' })
  expect(cellOf(cells, 'cyst')?.ratings['J1']).toEqual({ kind: 'not_graded' })
})

test('a model is asked in its own modalities alone; where it was not run its cells are not graded', () => {
  const models = new Map([['m', { modalities: ['ct' as const], cells: [says('ct', { ...at, feature: 'cyst' }, 1)] }]])
  const answers = { reference: [...all('ct', 1), ...all('mr', 1)], ratings: new Map<string, CaseCell[]>(), models }
  const [ct, mr] = (['ct', 'mr'] as const).map((modality) => evaluationCells(shipped, [aCase(modality)], answers))
  expect(cellOf(ct ?? [], 'cyst')?.ratings['m']).toEqual(graded(1))
  expect(cellOf(ct ?? [], 'erosion')?.ratings['m']).toEqual({ kind: 'not_graded' })
  expect(cellOf(mr ?? [], 'erosion')?.ratings['m']).toEqual({ kind: 'not_applicable' })
})

test('a cell that the reference readers settled together says so; one that they never had says nothing', () => {
  const settled = all('ct', 1).map((cell) => ({ ...cell, isAdjudicated: cell.cell.feature === 'erosion' }))
  const cells = evaluationCells(shipped, [aCase('ct')], { reference: all('ct', 1), ratings: new Map(), settled })
  expect(cellOf(cells, 'erosion')?.isAdjudicated).toBe(true)
  expect(cellOf(cells, 'cyst')?.isAdjudicated).toBe(false)
  expect(cellOf(cells, 'severity')?.isAdjudicated).toBeUndefined()
})
