import type { Side } from '@facetgrade/grading/joint'
import type { ModelGrades } from '@facetgrade/grading/model-answer'
import { ModelGrades as Grades } from '@facetgrade/grading/model-answer'
import type { JointPoint } from '@facetgrade/grading/points'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FRAME_OF_REFERENCE, type MadeStack, madeExam, madeStack, tissue } from '../test/made-exam.ts'
import { shippedProtocol } from '../test/shipped-protocol.ts'
import { tinyGrader } from '../test/tiny-model.ts'
import type { ExamImages } from './exam-volumes.ts'
import { type OpenModel, openModel } from './open-model.ts'
import { runCase } from './run-case.ts'

const protocol = shippedProtocol()
const pointAt = (
  side: Side,
  mm: readonly [number, number, number],
  frameOfReference = FRAME_OF_REFERENCE,
): JointPoint => ({
  level: 'L4L5',
  side,
  kind: 'lps',
  mm: [...mm],
  frameOfReference,
})
const POINTS = [pointAt('left', [9, 1, 0.5]), pointAt('right', [-9, 1, 0.5])]

let model: OpenModel
beforeAll(async () => {
  model = await openModel({ ...tinyGrader(), provider: 'cpu' })
})
afterAll(() => model.release())

const gradesOf = async (images: ExamImages, points: readonly JointPoint[] = POINTS): Promise<ModelGrades> =>
  Grades.parse((await runCase(model, { protocol, images, levels: ['L4L5'], points })).grades)

/** What stands for every feature of a joint when it is one reason. */
async function reasonFor(stack: MadeStack, points: readonly JointPoint[] = POINTS): Promise<unknown> {
  const grades = await gradesOf(madeExam(madeStack(stack)), points)
  return [
    ...new Set(
      grades.flatMap(({ features }) =>
        features.map(({ output }) => (output.kind === 'abstained' ? output.reason : 'graded')),
      ),
    ),
  ]
}

test('every joint gets an answer for every feature that the protocol asks, and the direct severity', async () => {
  const grades = await gradesOf(madeExam(madeStack({ value: tissue })))
  expect(grades.map(({ level, side }) => `${level} ${side}`)).toEqual(['L4L5 left', 'L4L5 right'])
  for (const { features } of grades) {
    expect(features.map(({ feature }) => feature)).toEqual([
      'narrowing',
      'hypertrophy',
      'osteophytes',
      'erosion',
      'cyst',
      'severity',
    ])
    expect(features.every(({ output }) => output.kind === 'graded')).toBe(true)
  }
})

test('a mirrored volume with its sides swapped gets the same grades', async () => {
  const straight = await gradesOf(madeExam(madeStack({ value: tissue })))
  const mirrored = await gradesOf(madeExam(madeStack({ value: (x, y, z) => tissue(-x, y, z) })), [
    pointAt('left', [9, 1, 0.5]),
    pointAt('right', [-9, 1, 0.5]),
  ])
  const probabilities = (grades: ModelGrades, side: Side): number[] =>
    grades
      .filter((joint) => joint.side === side)
      .flatMap(({ features }) =>
        features.flatMap(({ output }) => (output.kind === 'graded' ? output.probabilities : [])),
      )
  for (const [side, other] of [
    ['left', 'right'],
    ['right', 'left'],
  ] as const) {
    const [one, swapped] = [probabilities(straight, side), probabilities(mirrored, other)]
    expect(Math.max(...one.map((value, index) => Math.abs(value - (swapped[index] ?? 1))))).toBeLessThan(1e-6)
  }
  expect(probabilities(straight, 'left')).not.toEqual(probabilities(straight, 'right'))
})

test('the order in which files come does not matter', async () => {
  const files = madeStack({ value: tissue })
  expect(await gradesOf(madeExam(files.toReversed()))).toEqual(await gradesOf(madeExam(files)))
})

describe('abstains, never guesses', () => {
  const air = () => -1000
  const muscle = (x: number) => 55 + (x % 3)
  const screw = (x: number, y: number, z: number) =>
    Math.hypot(x - 9, y) < 3 || Math.hypot(x + 9, y) < 3 ? 3000 : tissue(x, y, z)
  test.each<[string, string, MadeStack, JointPoint[]]>([
    ['soft tissue alone', 'wrong_body_part', { value: muscle }, POINTS],
    ['air', 'wrong_body_part', { value: air }, POINTS],
    ['an implant', 'metal', { value: screw }, POINTS],
    ['a hole in the stack', 'missing_slices', { value: tissue, without: [15, 16] }, POINTS],
    ['slices too far apart', 'missing_slices', { value: tissue, slices: 8, sliceMm: 7 }, POINTS],
    ['a single slice', 'geometry_unproven', { value: tissue, slices: 1 }, POINTS],
    ['no points', 'no_point', { value: tissue }, []],
    [
      'points of another frame of reference',
      'geometry_unproven',
      { value: tissue },
      [pointAt('left', [9, 1, 0], '1.2.99'), pointAt('right', [-9, 1, 0], '1.2.99')],
    ],
    [
      'points outside the volume',
      'outside_volume',
      { value: tissue },
      [pointAt('left', [60, 1, 0]), pointAt('right', [-60, 1, 0])],
    ],
  ])('%s: %s', async (_, reason, stack, points) => {
    expect(await reasonFor(stack, points)).toEqual([reason])
  })

  test('another modality than the model knows: modality_unsupported', async () => {
    const images = madeExam(madeStack({ kind: 'mr', value: (x, y, z) => 300 + tissue(x, y, z), description: 'AX T2' }))
    const grades = await gradesOf(images)
    expect(
      new Set(
        grades.flatMap(({ features }) =>
          features.map(({ output }) => (output.kind === 'abstained' ? output.reason : '')),
        ),
      ),
    ).toEqual(new Set(['modality_unsupported']))
  })

  test('a crop far from the training crops: unlike_training', async () => {
    const strict = await openModel({ ...tinyGrader('ct', { maximumDistance: 1e-6 }), provider: 'cpu' })
    const { grades } = await runCase(strict, {
      protocol,
      images: madeExam(madeStack({ value: tissue })),
      levels: ['L4L5'],
      points: POINTS,
    })
    await strict.release()
    expect(grades[0]?.features[0]?.output).toEqual({ kind: 'abstained', reason: 'unlike_training' })
  })
})

test('an answer does not depend on what else is in its batch', async () => {
  const crops = Array.from({ length: 16 }, (_, item) =>
    Float32Array.from({ length: 8 * 64 * 64 }, (_, at) => Math.abs(Math.sin(at * (item + 1)))),
  )
  const run = async (items: readonly Float32Array[]) =>
    (
      await model.run(
        { role: 'grader', modality: 'ct' },
        items.map((values) => ({ crops: values, present: [1] })),
      )
    ).get('logits') ?? new Float32Array(0)
  const together = await run(crops)
  const ten = await run(crops.slice(0, 10))
  const alone = await run(crops.slice(3, 4))
  expect(Array.from(together.subarray(0, ten.length))).toEqual(Array.from(ten))
  expect(Array.from(together.subarray(3 * 18, 4 * 18))).toEqual(Array.from(alone))
})

test('a network that would run, and is not the manifest’s, is never loaded', async () => {
  const { manifest, files } = tinyGrader()
  const other = Uint8Array.from(files.get('grader.onnx') ?? [])
  // The producer's name: nothing that the network computes.
  const at = Buffer.from(other).indexOf('facetgrade-test')
  other[at] = 'F'.charCodeAt(0)
  await expect(
    openModel({ manifest, files: new Map([['grader.onnx', other]]), provider: 'cpu' }),
  ).rejects.toMatchObject({
    name: 'NetworkRefused',
  })
})

test('what computes is said', async () => {
  const automatic = await openModel(tinyGrader())
  expect(automatic.versions).toHaveProperty('onnxruntime-node', '1.30.0')
  expect(['cpu', 'cuda']).toContain(automatic.executionProvider)
  await automatic.release()
})

test('CUDA asked for by name is CUDA or a refusal, never silently the processor', async () => {
  const answer = await openModel({ ...tinyGrader(), provider: 'cuda' }).then(
    async (opened) => {
      await opened.release()
      return opened.executionProvider
    },
    (error: unknown) => (error instanceof Error ? error.name : ''),
  )
  expect(['cuda', 'ProviderMissing']).toContain(answer)
})
