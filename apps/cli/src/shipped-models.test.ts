import { createHash } from 'node:crypto'
import { FEATURES } from '@facetgrade/grading/feature'
import { LEVELS, SIDES } from '@facetgrade/grading/joint'
import type { ModelGrades } from '@facetgrade/grading/model-answer'
import { type JointPoint, pointsByJoint } from '@facetgrade/grading/points'
import { cumulative, gradeOf } from '@facetgrade/grading/prediction'
import { calibrated } from '@facetgrade/inference/calibrate'
import { type ExamImages, openExam } from '@facetgrade/inference/exam-volumes'
import { cropJoint } from '@facetgrade/inference/joint-crop'
import { type OpenModel, openModel } from '@facetgrade/inference/open-model'
import { proposePoints } from '@facetgrade/inference/propose-points'
import { runCase } from '@facetgrade/inference/run-case'
import { ctAcquisition, ctObjects } from '@facetgrade/phantom/ct-exam'
import { uidOf } from '@facetgrade/phantom/exam-context'
import { contextOf } from '@facetgrade/phantom/phantom-patient'
import { toExam } from '@facetgrade/phantom/pose'
import { gradedJoints, jointCentre, spineOf } from '@facetgrade/phantom/spine'
import { shippedProtocol } from '@facetgrade/study/studies/shipped-protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type PhantomCase, type PhantomExam, phantomCase, truthKey } from '../test/phantom-exams.ts'
import { folderExams } from './dicom-folder.ts'
import { modelOnDisk } from './shipped-model.ts'

/** What the shipped models must not do silently, on phantoms that no training saw. Sizes for CI; FACETGRADE_FULL=1 the large ones. */
const isFull = process.env['FACETGRADE_FULL'] === '1'
const PATIENTS = isFull ? 40 : 5
const GAPS_MM = [3, 2.5, 2, 1.5, 1, 0.5, 0]
const levels = [...LEVELS]
const protocol = shippedProtocol
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

let grader: OpenModel
let localiser: OpenModel
let cases: PhantomCase[]
beforeAll(async () => {
  grader = await openModel({ ...(await modelOnDisk('phantom-grader')), provider: 'cpu', threads: 2 })
  localiser = await openModel({ ...(await modelOnDisk('phantom-localiser')), provider: 'cpu', threads: 2 })
  cases = await Promise.all(
    Array.from({ length: PATIENTS }, (_, index) =>
      phantomCase({ seed: 'shipped-models', index, modalities: ['CT'], prevalence: 'balanced', protocol }),
    ),
  )
}, 300_000)
afterAll(async () => {
  await grader.release()
  await localiser.release()
})

const exams = (): PhantomExam[] => cases.flatMap((one) => one.exams)
const graded = async ({ images }: Pick<PhantomExam, 'images'>, points: readonly JointPoint[]): Promise<ModelGrades> =>
  (await runCase(grader, { protocol, images, levels, points })).grades

type Pair = { truth: number; rated: number }

function pairsOf(exam: PhantomExam, grades: ModelGrades): Pair[] {
  return grades.flatMap(({ level, side, features }) =>
    features.flatMap(({ feature, output }) => {
      const truth = exam.truth.get(truthKey(level, side, feature))
      return truth === undefined || output.kind === 'abstained' ? [] : [{ truth, rated: output.grade }]
    }),
  )
}

/** Quadratic weighted kappa over all features together: each has every grade equally often in this cohort. */
function qwk(pairs: readonly Pair[]): number {
  const mean = (of: (pair: Pair) => number): number => pairs.reduce((sum, pair) => sum + of(pair), 0) / pairs.length
  const [truth, rated] = [mean((pair) => pair.truth), mean((pair) => pair.rated)]
  const apart = mean((pair) => (pair.truth - pair.rated) ** 2)
  // Expected squared difference of independent raters.
  const chance =
    mean((pair) => (pair.truth - truth) ** 2) + mean((pair) => (pair.rated - rated) ** 2) + (truth - rated) ** 2
  return 1 - apart / chance
}

test('the grader sees what was built in, and points that are 3 mm off cost it at most .03 of weighted kappa', async () => {
  const straight: Pair[] = []
  const jittered: Pair[] = []
  for (const [patient, exam] of exams().entries()) {
    straight.push(...pairsOf(exam, await graded(exam, exam.points)))
    jittered.push(
      ...pairsOf(
        exam,
        await graded(
          exam,
          exam.points.map((point, index) => moved(point, patient * 10 + index)),
        ),
      ),
    )
  }
  expect(straight.length).toBeGreaterThan(40 * PATIENTS)
  expect(qwk(straight)).toBeGreaterThan(0.8)
  expect(qwk(straight) - qwk(jittered)).toBeLessThanOrEqual(0.03)
}, 300_000)

/** 3 mm away, in a direction that a spiral over the sphere gives. */
function moved(point: JointPoint, index: number): JointPoint {
  if (point.kind !== 'lps') return point
  const height = ((index * 0.618_034) % 1) * 2 - 1
  const around = index * 2.399_963
  const flat = Math.sqrt(1 - height * height)
  const [x, y, z] = point.mm
  return { ...point, mm: [x + 3 * flat * Math.cos(around), y + 3 * flat * Math.sin(around), z + 3 * height] }
}

test.each([
  ['blank', (values: Float32Array) => values.fill(values.reduce((sum, one) => sum + one, 0) / values.length)],
  ['masked in the middle', maskMiddle],
])(
  'a crop that is %s tells the grader nothing',
  async (_, spoil) => {
    const pairs = await pairsOfCrops(spoil)
    expect(Math.abs(qwk(pairs))).toBeLessThanOrEqual(0.15)
  },
  300_000,
)

/** The middle 34 mm of every slice. */
function maskMiddle(values: Float32Array): void {
  const fill = values[0] ?? 0
  for (let at = 0; at < values.length; at += 1) {
    const [row, column] = [Math.floor(at / 64) % 64, at % 64]
    if (Math.abs(row - 31.5) < 27 && Math.abs(column - 31.5) < 27) values[at] = fill
  }
}

/** Grades of crops that are spoilt, straight from the network: every guard before it would abstain. */
async function pairsOfCrops(spoil: (values: Float32Array) => unknown): Promise<Pair[]> {
  const heads = grader.manifest.grader?.modalities.ct?.heads ?? []
  const pairs: Pair[] = []
  for (const exam of exams()) {
    const volumes = openExam(exam.images)
    for (const [id, [point]] of pointsByJoint(exam.points)) {
      if (point?.kind !== 'lps') continue
      const crop = await cropJoint(volumes, { side: point.side, points: [point], extent: 'seen' })
      if (crop.kind === 'abstained') continue
      spoil(crop.values)
      const logits = (
        await grader.run({ role: 'grader', modality: 'ct' }, [{ crops: crop.values, present: crop.present }])
      ).get('logits')
      let from = 0
      for (const head of heads) {
        const output = calibrated(head, logits?.subarray(from, from + head.levels - 1) ?? [])
        from += head.levels - 1
        const truth = exam.truth.get(`${id}/${head.feature}`)
        if (truth !== undefined && output.kind === 'graded') pairs.push({ truth, rated: gradeOf(output.probabilities) })
      }
    }
  }
  return pairs
}

test('a mirrored volume with its sides swapped gets the same grades', async () => {
  const [exam] = exams()
  if (!exam) throw new Error('no exam')
  const straight = await graded(exam, exam.points)
  const mirrored = await graded({ images: mirroredExam(exam.images) }, exam.points.map(mirroredPoint))
  const differences = straight.flatMap(({ level, side, features }) => {
    const other = mirrored.find((joint) => joint.level === level && joint.side !== side)
    return features.flatMap(({ feature, output }) => {
      const swapped = other?.features.find((one) => one.feature === feature)?.output
      if (output.kind !== 'graded' || swapped?.kind !== 'graded') return [output.kind === swapped?.kind ? 0 : 1]
      return output.probabilities.map((one, grade) => Math.abs(one - (swapped.probabilities[grade] ?? 1)))
    })
  })
  expect(Math.max(...differences)).toBeLessThan(1e-4)
})

const mirroredPoint = (point: JointPoint): JointPoint =>
  point.kind === 'lps'
    ? { ...point, side: point.side === 'left' ? 'right' : 'left', mm: [-point.mm[0], point.mm[1], point.mm[2]] }
    : point

/** The same pixels at mirrored places in the patient. */
const mirroredExam = (images: ExamImages): ExamImages => ({
  ...images,
  series: images.series.map(({ role, stack }) => {
    const flip = (vector: [number, number, number] | null, sign: 1 | -1): [number, number, number] | null =>
      vector && [-vector[0] * sign, vector[1] * sign, vector[2] * sign]
    return {
      role,
      stack: {
        ...stack,
        rowDirection: flip(stack.rowDirection, 1),
        columnDirection: flip(stack.columnDirection, 1),
        // The cross product of two mirrored directions is the mirrored one turned round, and so is the order along it.
        normal: flip(stack.normal, -1),
        frames: stack.frames.map((frame) => ({ ...frame, position: flip(frame.position, 1) })).toReversed(),
      },
    }
  }),
})

test('a joint space that closes from 3 to 0 mm is graded ever narrower, and the other features stay where they are', async () => {
  const curves: Record<string, number[]> = {}
  for (const gapMm of GAPS_MM) {
    const { images, points } = await examWithGap(gapMm)
    const grades = await graded({ images }, points)
    for (const feature of FEATURES) {
      const expected = grades.flatMap(({ features }) =>
        features.flatMap(({ feature: own, output }) =>
          own === feature && output.kind === 'graded'
            ? [cumulative(output.probabilities).reduce((sum, one) => sum + one, 0)]
            : [],
        ),
      )
      expect(expected.length).toBeGreaterThanOrEqual(8)
      curves[feature] = [...(curves[feature] ?? []), expected.reduce((sum, one) => sum + one, 0) / expected.length]
    }
  }
  expect(
    spearman(
      curves['narrowing'] ?? [],
      GAPS_MM.map((gap) => -gap),
    ),
  ).toBeGreaterThanOrEqual(0.95)
  // As a share of the scale of three steps.
  const drifts = FEATURES.filter((feature) => feature !== 'narrowing').map((feature) => {
    const curve = curves[feature] ?? []
    return [feature, (Math.max(...curve) - Math.min(...curve)) / 3] as const
  })
  expect(drifts.filter(([, drift]) => drift >= 0.1)).toEqual([])
}, 300_000)

/** Ten joints without any sign, all with one width of joint space, in one patient. */
async function examWithGap(gapMm: number): Promise<{ images: ExamImages; points: JointPoint[] }> {
  const { context } = contextOf({ sha256, seed: 'dose-response', index: 0, size: 'compact', prevalence: 'natural' })
  const { ageYears, sex } = context.patient
  const spine = spineOf(sha256, sha256('dose-response'), { ageYears, sex, weightIndex: 24, grades: new Map() })
  const healthy = { ...context, spine }
  const acquisition = ctAcquisition(healthy)
  const frameOfReference = uidOf(healthy, 'frame-CT')
  const points = gradedJoints(spine).map(
    ({ disc, level, side }): JointPoint => ({
      level,
      side,
      kind: 'lps',
      mm: toExam(acquisition.pose, jointCentre(disc, side)),
      frameOfReference,
    }),
  )
  for (const { joints } of spine.discs) for (const side of SIDES) joints[side] = { ...joints[side], gapMm }
  const { exams: made } = await folderExams(
    ctObjects(healthy, acquisition).map(({ bytes }, index) => ({
      name: `${index}`,
      size: bytes.length,
      read: async () => bytes,
    })),
    () => undefined,
  )
  const images = made[0]?.images
  if (!images) throw new Error('no exam')
  return { images, points }
}

const ranks = (values: readonly number[]): number[] => {
  const sorted = values.toSorted((a, b) => a - b)
  return values.map((value) => (sorted.indexOf(value) + sorted.lastIndexOf(value)) / 2)
}

function spearman(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [ranks(a), ranks(b)]
  const middle = (a.length - 1) / 2
  const sum = (f: (index: number) => number) => x.reduce((total, _, index) => total + f(index), 0)
  const at = (values: readonly number[], index: number): number => (values[index] ?? 0) - middle
  return sum((i) => at(x, i) * at(y, i)) / Math.sqrt(sum((i) => at(x, i) ** 2) * sum((i) => at(y, i) ** 2))
}

test('the localiser finds every joint under its own name', async () => {
  const errors: number[] = []
  for (const { images, points } of exams()) {
    const { points: proposed, abstained } = await proposePoints(localiser, { images, levels })
    expect(abstained).toBeNull()
    for (const truth of points) {
      const own = proposed.find(({ point }) => point.level === truth.level && point.side === truth.side)?.point
      if (truth.kind !== 'lps' || own?.kind !== 'lps') continue
      errors.push(Math.hypot(...own.mm.map((at, axis) => at - (truth.mm[axis] ?? 0))))
    }
  }
  errors.sort((a, b) => a - b)
  expect(errors.length).toBe(10 * PATIENTS)
  expect(errors[Math.floor(errors.length / 2)]).toBeLessThanOrEqual(2)
  expect(errors[Math.floor(errors.length * 0.95)]).toBeLessThanOrEqual(5)
}, 300_000)
