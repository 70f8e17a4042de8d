import { asSystemIn } from '../../packages/testing/src/behind-the-wall.ts'
import { aPersonalToken } from '../../packages/testing/src/personal-token.ts'
import { aRoster } from '../../packages/testing/src/signed-readings.ts'
import { aWorld } from '../../packages/testing/src/study-world.ts'
import type { Installation } from './installation.ts'
import { load, type Measurement, median } from './measurement.ts'

const PATIENTS = 700
const EVENTS = 140_000

/** Every grade event of 700 patients, four readers, one modality, downloaded as CSV. */
export async function exporting(at: Installation, { runs }: { runs: number }): Promise<Measurement[]> {
  const world = await aWorld(at.db, at.boss)
  const { studyId, studyCode } = world
  const patient = { part: 'train' as const, modalities: ['ct' as const] }
  await aRoster(
    at.db,
    world,
    Array.from({ length: PATIENTS }, () => patient),
  )
  await asSystemIn(at.db, world, async (wall) => {
    await wall.$executeRaw`INSERT INTO "Assignment"
        (id, "studyId", "memberId", round, "patientId", modality, "examId", position)
      SELECT gen_random_uuid(), p."studyId", m.id, 'first', p.id, 'ct', e.id, p."enrolmentNumber"
      FROM "Patient" p JOIN "Exam" e ON e."patientId" = p.id JOIN "Member" m ON m."studyId" = p."studyId"
      WHERE m.role = 'reader' AND p."studyId" = ${studyId}::uuid`
    await wall.$executeRaw`INSERT INTO "Reading"
        (id, "studyId", "assignmentId", "memberId", "patientId", modality, "protocolVersion", "numberingVersion", "requiredCells")
      SELECT gen_random_uuid(), "studyId", id, "memberId", "patientId", modality, 1, 1, 50
      FROM "Assignment" WHERE "studyId" = ${studyId}::uuid`
    await wall.$executeRaw`INSERT INTO "GradeEvent"
        (id, "studyId", "readingId", "memberId", "patientId", sequence, level, side, feature, value, origin,
         "protocolVersion", "clientOffsetMs", "previousHash", hash)
      SELECT gen_random_uuid(), r."studyId", r.id, r."memberId", r."patientId",
        row_number() OVER (PARTITION BY r.id), l, s, f, '{"kind":"graded","grade":1}', 'entered', 1, 100,
        repeat('a', 64), repeat('b', 64)
      FROM "Reading" r, unnest(ARRAY['L1L2','L2L3','L3L4','L4L5','L5S1']) l, unnest(ARRAY['left','right']) s,
        unnest(ARRAY['narrowing','hypertrophy','osteophytes','erosion','cyst']) f
      WHERE r."studyId" = ${studyId}::uuid`
  })
  await at.analyze()
  const authorization = `Bearer ${await aPersonalToken(at.db, world.as('statistician').userId)}`
  const url = new URL(`/api/exports/${studyCode}/grade-events.csv`, at.product.origin)
  const before = load()
  const seconds: number[] = []
  for (let index = 0; index < runs; index += 1) {
    const started = performance.now()
    const response = await fetch(url, { headers: { authorization } })
    if (!response.ok || response.body === null) throw new Error(`export: ${response.status}`)
    let lines = 0
    for await (const chunk of response.body) for (const byte of chunk) lines += Number(byte === 10)
    seconds.push((performance.now() - started) / 1000)
    if (lines !== EVENTS + 1) throw new Error(`export: ${lines} lines`)
  }
  return [
    {
      what: 'export of every grade event as CSV over HTTP',
      value: median(seconds),
      unit: 's',
      n: `${EVENTS} rows, median of ${runs} runs`,
      budget: '≤ 5 s',
      load: before,
    },
  ]
}
