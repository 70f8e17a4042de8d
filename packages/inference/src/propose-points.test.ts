import { LEVELS, type Level } from '@facetgrade/grading/joint'
import { ProposedPoints } from '@facetgrade/grading/model-answer'
import { expect, test } from 'vitest'
import { FRAME_OF_REFERENCE, type MadeStack, madeExam, madeStack } from '../test/made-exam.ts'
import { tinyGrader, tinyLocaliser } from '../test/tiny-model.ts'
import { openModel } from './open-model.ts'
import { proposePoints } from './propose-points.ts'

const STEP_MM = 28
/** Where the joints of level i lie: to both sides of a line that leans forward from head to foot. */
const jointOf = (index: number, side: 'left' | 'right'): [number, number, number] => [
  side === 'left' ? 18 : -18,
  4 - index * 2,
  (2 - index) * STEP_MM,
]

/** Soft tissue with a bright ball in each joint and a duller one between the two of a level. */
function spine(x: number, y: number, z: number): number {
  const index = Math.round(2 - z / STEP_MM)
  if (index < 0 || index > 4) return 40
  const [, jy, jz] = jointOf(index, 'left')
  const flat = (y - jy) ** 2 + (z - jz) ** 2
  if (Math.sqrt((Math.abs(x) - 18) ** 2 + flat) < 5) return 1400
  return Math.sqrt(x ** 2 + flat) < 4 ? 700 : 40
}

const stack: MadeStack = { value: spine, slices: 96, sliceMm: 2, size: 100, pixelMm: 0.8 }

async function proposed(of: MadeStack, minimumConfidence = 0, levels: readonly Level[] = LEVELS) {
  const model = await openModel({ ...tinyLocaliser('ct', minimumConfidence), provider: 'cpu' })
  const answer = ProposedPoints.parse(await proposePoints(model, { images: madeExam(madeStack(of)), levels }))
  await model.release()
  return answer
}

test.each<[string, MadeStack]>([
  ['an axial stack', stack],
  ['a sagittal stack', { ...stack, plane: 'sagittal', slices: 70, sliceMm: 1.2, size: 200, pixelMm: 1 }],
])('%s: every joint is found where it lies, under its own name and on its own side', async (_, of) => {
  const { points, abstained } = await proposed(of)
  expect(abstained).toBeNull()
  expect(points.map(({ point }) => `${point.level}-${point.side}`)).toEqual(
    LEVELS.flatMap((level) => [`${level}-left`, `${level}-right`]),
  )
  const errors = points.map(({ point }) => {
    const truth = jointOf((LEVELS as readonly string[]).indexOf(point.level), point.side)
    return point.kind === 'lps' && point.frameOfReference === FRAME_OF_REFERENCE
      ? Math.hypot(...point.mm.map((at, axis) => at - (truth[axis] ?? 0)))
      : Number.POSITIVE_INFINITY
  })
  expect(Math.max(...errors)).toBeLessThan(3)
})

test('levels that this patient does not have are not proposed, and the naming is left to a person', async () => {
  const { points } = await proposed(stack, 0, ['L1L2', 'L2L3', 'L3L4', 'L4L5'])
  expect(new Set(points.map(({ point }) => point.level))).toEqual(new Set(['L1L2', 'L2L3', 'L3L4', 'L4L5']))
  const six = await proposed(stack, 0, ['L1L2', 'L2L3', 'L3L4', 'L4L5', 'L5L6', 'L6S1'])
  expect(six.isNamingSure).toBe(false)
})

test('where nothing looks like a spine nothing is proposed', async () => {
  const { points, abstained } = await proposed({ ...stack, value: (x, y) => 40 + ((x * 7 + y * 3) % 5) }, 0.5)
  expect({ points, abstained }).toEqual({ points: [], abstained: 'wrong_body_part' })
})

test('a stack with a hole, another modality, and a model that grades propose nothing, each with its reason', async () => {
  expect((await proposed({ ...stack, without: [40, 41] })).abstained).toBe('missing_slices')
  const localiser = await openModel({ ...tinyLocaliser('ct'), provider: 'cpu' })
  const mr = madeExam(
    madeStack({ ...stack, kind: 'mr', value: (x, y, z) => spine(x, y, z) + 100, description: 'SAG T2' }),
  )
  expect((await proposePoints(localiser, { images: mr, levels: [...LEVELS] })).abstained).toBe('modality_unsupported')
  const grader = await openModel({ ...tinyGrader(), provider: 'cpu' })
  const ct = madeExam(madeStack(stack))
  expect((await proposePoints(grader, { images: ct, levels: [...LEVELS] })).abstained).toBe('modality_unsupported')
  await localiser.release()
  await grader.release()
})
