import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sampleDicom, text } from '@facetgrade/dicom/sample-dicom'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FRAME_OF_REFERENCE, madeStack, tissue } from '../../../packages/inference/test/made-exam.ts'
import { tinyGrader, tinyLocaliser } from '../../../packages/inference/test/tiny-model.ts'
import { runCli } from './run-cli.ts'

const folder = mkdtempSync(join(tmpdir(), 'facetgrade-predict-'))
const at = (...names: string[]) => join(folder, ...names)

beforeAll(() => {
  writeModel('grader', tinyGrader())
  writeModel('localiser', tinyLocaliser())
  mkdirSync(at('ct'))
  for (const [index, bytes] of madeStack({ value: tissue }).entries()) writeFileSync(at('ct', `IM${index}`), bytes)
  writeFileSync(at('ct', 'notes.txt'), 'not an image')
  const points = (['left', 'right'] as const).map((side) => ({
    level: 'L4L5',
    side,
    kind: 'lps',
    mm: [side === 'left' ? 9 : -9, 1, 0.5],
    frameOfReference: FRAME_OF_REFERENCE,
  }))
  writeJson('points.json', {
    format: 'facetgrade-points/1',
    exams: [{ issuer: '', patient_id: 'ID-0001', modality: 'CT', study_uid: '1.2.3.4', points }],
  })
  mkdirSync(at('screens'))
  writeFileSync(at('screens', 'screen'), sampleDicom({ with: [text(0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.7')] }))
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

const writeJson = (name: string, value: unknown) => {
  writeFileSync(at(name), JSON.stringify(value))
}

function writeModel(name: string, { manifest, files }: ReturnType<typeof tinyGrader>): void {
  mkdirSync(at(name))
  writeJson(join(name, 'manifest.json'), manifest)
  for (const [file, bytes] of files) writeFileSync(at(name, file), bytes)
}

async function predict(...args: string[]) {
  let out = ''
  const status = await runCli(['--json', 'predict', ...args], {
    env: {},
    out: (words) => {
      out += words
    },
    err: () => undefined,
    isTerminal: false,
    now: () => performance.now(),
  })
  return { status, answer: JSON.parse(out) }
}

test('a folder is graded at its points without a study or a server, in the shape that the contract names', async () => {
  const { status, answer } = await predict(
    at('ct'),
    '--model',
    at('grader'),
    '--points',
    at('points.json'),
    '--provider',
    'cpu',
  )
  expect(status).toBe(0)
  expect(answer).toMatchObject({
    model: { id: 'tiny-grader', hash: expect.stringMatching(/^[0-9a-f]{64}$/), syntheticOnly: true },
    executionProvider: 'cpu',
    leftOut: { NOT_DICOM: 1 },
  })
  expect(answer.exams).toHaveLength(1)
  const [{ exam, modality, joints }] = answer.exams
  expect({ exam, modality, joints: joints.length }).toEqual({ exam: '1.2.3.4', modality: 'ct', joints: 10 })
  const joint = joints.find((one: { level: string; side: string }) => one.level === 'L4L5' && one.side === 'left')
  expect(joint).toMatchObject({
    points: [{ kind: 'lps', mm: [9, 1, 0.5], source: 'import' }],
    features: { narrowing: { probabilities: expect.any(Array), grade: expect.any(Number), set: expect.any(Array) } },
    severity: { direct: { grade: expect.any(Number) }, byRule: { kind: 'exact' } },
  })
  expect(joints.find((one: { level: string }) => one.level === 'L1L2')).toMatchObject({
    features: { narrowing: { abstained: 'no_point' } },
    severity: { direct: { abstained: 'no_point' }, byRule: { kind: 'interval' } },
  })
})

test('without points the localiser is asked, and what it says is told', async () => {
  const { status, answer } = await predict(at('ct'), '--model', at('grader'), '--localiser', at('localiser'))
  expect(status).toBe(0)
  expect(answer.localiser.id).toBe('tiny-localiser')
  const [{ naming, joints }] = answer.exams
  expect(naming).toHaveProperty('isSure')
  const placed = joints.flatMap(({ points }: { points: { source: string; confidence: number }[] }) => points)
  expect(naming.abstained !== null || placed.every((point: { source: string }) => point.source === 'model')).toBe(true)
})

test('screenshots are abstained from, never graded', async () => {
  const { answer } = await predict(at('screens'), '--model', at('grader'), '--points', at('points.json'))
  const [{ joints }] = answer.exams
  expect(
    new Set(joints.map(({ features }: { features: { cyst: { abstained: string } } }) => features.cyst.abstained)),
  ).toEqual(new Set(['secondary_capture']))
})

test('what cannot be done is refused with its code', async () => {
  const refused = async (...args: string[]) => {
    const { status, answer } = await predict(...args)
    return { status, code: answer.error.code }
  }
  expect(await refused(at('nowhere'), '--model', at('grader'), '--points', at('points.json'))).toEqual({
    status: 3,
    code: 'SOURCE_MISSING',
  })
  expect(await refused(at('ct'), '--model', 'no-such-model')).toEqual({ status: 3, code: 'MODEL_UNKNOWN' })
  expect(await refused(at('ct'), '--model', at('localiser'))).toEqual({ status: 3, code: 'MODEL_KIND_WRONG' })
  expect(await refused(at('ct'), '--model', at('grader'), '--points', at('grader', 'manifest.json'))).toEqual({
    status: 3,
    code: 'POINTS_INVALID',
  })
  cpSync(at('grader'), at('changed'), { recursive: true })
  writeFileSync(at('changed', 'grader.onnx'), 'other bytes')
  expect(await refused(at('ct'), '--model', at('changed'), '--points', at('points.json'))).toEqual({
    status: 3,
    code: 'MODEL_REFUSED',
  })
})
