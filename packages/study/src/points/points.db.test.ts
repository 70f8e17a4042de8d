import { LEVELS } from '@facetgrade/grading/joint'
import type { JointPoint } from '@facetgrade/grading/points'
import { asSystemIn } from '@facetgrade/testing/behind-the-wall'
import { gradableExams } from '@facetgrade/testing/gradable-exams'
import { useTestDatabase } from '@facetgrade/testing/postgres-fixture'
import { aRoster } from '@facetgrade/testing/signed-readings'
import { aWorld } from '@facetgrade/testing/study-world'
import { expect, test } from 'vitest'

const database = useTestDatabase()
const FRAME = '2.25.77'

/** One patient with a CT of four slices (z 0 to 9, 128 mm square around -64) and an AP view of 128 pixels. */
async function anExam() {
  const { db, boss } = database()
  const world = await aWorld(db, boss)
  const [patient] = await aRoster(db, world, [{ part: 'train', modalities: ['ct', 'xray'] }])
  if (!patient) throw new Error('no patient')
  await gradableExams(db, world, [patient])
  const { studyCode, studyId } = world
  const [ct, xray] = [patient.exams.ct ?? '', patient.exams.xray ?? '']
  const at = await asSystemIn(db, world, async (wall) => {
    await wall.$executeRaw`UPDATE "Instance" SET header = jsonb_set(header, '{frameOfReferenceUid}', to_jsonb(${FRAME}::text))
      WHERE "examId" = ${ct}::uuid`
    const { studyInstanceUid } = await wall.exam.findUniqueOrThrow({ where: { id: ct } })
    const { sopInstanceUid: sop } = await wall.instance.findFirstOrThrow({ where: { examId: xray } })
    const { patientCode } = await wall.patient.findUniqueOrThrow({ where: { id: patient.patientId } })
    return { studyInstanceUid, sop, patientCode, studyId }
  })
  const { points } = world.as('coordinator').caller
  return {
    ...at,
    ct,
    xray,
    world,
    publish: (given: JointPoint[], seenVersion = 0) =>
      points.publish({ studyCode, examId: ct, points: given, seenVersion }),
    publishXray: (given: JointPoint[]) => points.publish({ studyCode, examId: xray, points: given, seenVersion: 0 }),
    show: () => points.show({ studyCode, examId: ct }),
    take: (given: JointPoint[], differently: { patientCode?: string } = {}) =>
      points.import({
        studyCode,
        exams: [
          {
            exam: 1,
            patientCode: at.patientCode,
            modality: 'ct',
            studyInstanceUid: at.studyInstanceUid,
            points: given,
            ...differently,
          },
        ],
      }),
  }
}

const at = (level: JointPoint['level'], side: JointPoint['side'], mm: [number, number, number]): JointPoint => ({
  level,
  side,
  kind: 'lps',
  mm,
  frameOfReference: FRAME,
})
/** Ten joints from z 9 down to 1, left at +20. */
const spine = (): JointPoint[] =>
  LEVELS.flatMap((level, index) => [
    at(level, 'left', [20, 10, 9 - 2 * index]),
    at(level, 'right', [-20, 10, 9 - 2 * index]),
  ])
const refusal = (code: string, details?: object) => ({ cause: { code, ...(details ? { details } : {}) } })

test('publishes versions; who saw an older one is told so', async () => {
  const { publish, show } = await anExam()
  expect(await publish(spine())).toEqual({ version: 1 })
  expect(await publish(spine().slice(0, 2), 1)).toEqual({ version: 2 })
  await expect(publish(spine(), 1)).rejects.toMatchObject(refusal('POINTS_MOVED', { version: 2 }))
  const { versions } = await show()
  expect(versions.map(({ version, source, points }) => [version, source, points.length])).toEqual([
    [2, 'coordinator', 2],
    [1, 'coordinator', 10],
  ])
})

test('imports by pseudonymous identifiers, and a second time changes nothing', async () => {
  const { take, show } = await anExam()
  expect(await take(spine())).toEqual({ exams: 1, published: 1, unchanged: 0, points: 10 })
  expect(await take(spine())).toEqual({ exams: 1, published: 0, unchanged: 1, points: 10 })
  expect((await show()).versions).toMatchObject([{ version: 1, source: 'import' }])
  await expect(take(spine(), { patientCode: 'P0000000000' })).rejects.toMatchObject(
    refusal('POINTS_EXAM_UNKNOWN', { exam: 1 }),
  )
})

test.each([
  [
    'left and right swapped',
    'POINTS_SIDES_SWAPPED',
    [at('L4L5', 'left', [-20, 10, 3]), at('L4L5', 'right', [20, 10, 3])],
  ],
  [
    'levels upside down',
    'POINTS_LEVELS_DISORDERED',
    [at('L3L4', 'left', [20, 10, 3]), at('L4L5', 'left', [20, 10, 5])],
  ],
  ['a point above the volume', 'POINTS_OUTSIDE', [at('L4L5', 'left', [20, 10, 30])]],
  ['a point beside the volume', 'POINTS_OUTSIDE', [at('L4L5', 'left', [80, 10, 3])]],
  [
    'a point of another frame of reference',
    'POINTS_OUTSIDE',
    [{ ...at('L4L5', 'left', [20, 10, 3]), frameOfReference: '2.25.78' } as JointPoint],
  ],
  [
    'an image point on CT',
    'POINTS_KIND_WRONG',
    [{ level: 'L4L5', side: 'left', kind: 'image', sop: '2.25.1', uv: [3, 3] } as JointPoint],
  ],
  ['a joint twice', 'POINTS_TWICE', [at('L4L5', 'left', [20, 10, 3]), at('L4L5', 'left', [21, 10, 3])]],
])('refuses %s and publishes nothing', async (_what, code, points) => {
  const { publish, show, take } = await anExam()
  await expect(publish(points)).rejects.toMatchObject(refusal(code))
  await expect(take(points)).rejects.toMatchObject({ cause: { code, details: { exam: 1 } } })
  expect((await show()).versions).toEqual([])
})

test('holds points of an AP view against its side and its head', async () => {
  const { publishXray, sop } = await anExam()
  const on = (side: 'left' | 'right', level: JointPoint['level'], uv: [number, number]): JointPoint => ({
    level,
    side,
    kind: 'image',
    sop,
    uv,
  })
  // The patient's right lies at the left edge, as the view's orientation says.
  await expect(publishXray([on('left', 'L4L5', [20, 50]), on('right', 'L4L5', [90, 50])])).rejects.toMatchObject(
    refusal('POINTS_SIDES_SWAPPED'),
  )
  await expect(publishXray([on('left', 'L3L4', [90, 60]), on('left', 'L4L5', [90, 50])])).rejects.toMatchObject(
    refusal('POINTS_LEVELS_DISORDERED'),
  )
  await expect(publishXray([on('left', 'L4L5', [130, 50])])).rejects.toMatchObject(refusal('POINTS_OUTSIDE'))
  expect(await publishXray([on('left', 'L4L5', [90, 50]), on('right', 'L4L5', [20, 50])])).toEqual({ version: 1 })
})

test('asks only for levels that the patient has', async () => {
  const { publish } = await anExam()
  await expect(publish([at('L5L6', 'left', [20, 10, 3])])).rejects.toMatchObject(refusal('POINTS_LEVEL_UNKNOWN'))
})
