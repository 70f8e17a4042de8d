import { getPriority, setPriority } from 'node:os'
import { asSystemIn } from '@facetgrade/testing/behind-the-wall'
import { anInferenceStudy } from '@facetgrade/testing/inference-study'
import { useTestDatabase } from '@facetgrade/testing/postgres-fixture'
import { type RunningProduct, startProduct } from '@facetgrade/testing/running-product'
import { afterAll, beforeAll, expect, test } from 'vitest'

const { exams: EXAMS, kills: KILLS } =
  process.env['FACETGRADE_FULL'] === '1' ? { exams: 1000, kills: 20 } : { exams: 60, kills: 2 }
const RESUMED_WITHIN_MS = 15_000
const PATIENCE_MS = 120_000
const LOOK_EVERY_MS = 50
/** Ten joints, five features and the severity of each. */
const CELLS = 60

const database = useTestDatabase()
let product: RunningProduct

beforeAll(async () => {
  product = await startProduct({ database: database() })
  // This process only looks on.
  setPriority(getPriority() + 5)
}, 300_000)
afterAll(async () => product.stop())

test(
  `${KILLS} times the inference worker killed under ${EXAMS} exams: each written exactly once, and what was in hand resumed`,
  async () => {
    const { db, boss } = database()
    const study = await anInferenceStudy({ db, boss, dataFolder: product.dataFolder }, { exams: EXAMS })
    const { world, studyCode, modelId } = study
    const { studyId } = world
    const { caller } = world.as('modeller')
    const { runId } = await caller.models.run({ studyCode, modelId, parts: ['validation'] })
    const written = () => asSystemIn(db, world, (wall) => wall.inferenceRecord.count({ where: { studyId } }))
    const started = performance.now()
    const resumed: Promise<number>[] = []
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const due = Math.floor((kill * EXAMS) / (KILLS + 1))
      await until(async () => (await written()) >= due && (await underWay()).length > 0)
      const pid = await product.pidOf('infer')
      if (pid === undefined) throw new Error('no worker runs models')
      const interrupted = await underWay()
      const at = performance.now()
      process.kill(pid, 'SIGKILL')
      const again = resumedAfter(interrupted, at)
      again.catch(() => undefined) // read when all kills are done
      resumed.push(again)
      await until(async () => ![pid, undefined].includes(await product.pidOf('infer')))
    }
    const times = await Promise.all(resumed)
    await until(async () => (await caller.models.showRun({ studyCode, runId })).state !== 'working')
    const seconds = (performance.now() - started) / 1000
    process.stdout.write(
      `inference, killed: ${JSON.stringify({ exams: EXAMS, kills: KILLS, seconds: Math.round(seconds), resumedMs: times })}\n`,
    )
    expect(await caller.models.showRun({ studyCode, runId })).toMatchObject({
      state: 'done',
      total: EXAMS,
      counts: { done: EXAMS, failed: 0 },
    })
    const records = await asSystemIn(db, world, (wall) =>
      wall.inferenceRecord.findMany({ where: { studyId }, select: { examId: true, inputHash: true } }),
    )
    expect(records).toHaveLength(EXAMS)
    expect(new Set(records.map(({ examId }) => examId)).size).toBe(EXAMS)
    expect(new Set(records.map(({ inputHash }) => inputHash)).size).toBe(EXAMS)
    expect(await asSystemIn(db, world, (wall) => wall.prediction.count({ where: { studyId } }))).toBe(EXAMS * CELLS)
    for (const time of times) expect(time).toBeLessThanOrEqual(RESUMED_WITHIN_MS)
  },
  KILLS * 60_000 + 60_000,
)

/** Each attempt of an exam that a worker holds: its job and when it was begun. */
async function underWay(): Promise<string[]> {
  const { rows } = await database().owner.query<{ job: string }>(
    `SELECT id || ' ' || started_on AS job FROM pgboss.job WHERE state = 'active' AND name = 'exam.infer'`,
  )
  return rows.map(({ job }) => job)
}

/** Until none of these attempts stands any more: begun again, or finished. */
async function resumedAfter(interrupted: readonly string[], at: number): Promise<number> {
  await until(async () => {
    const { rows } = await database().owner.query<{ open: number }>(
      `SELECT count(*)::int AS open FROM pgboss.job WHERE name = 'exam.infer'
         AND ((id || ' ' || started_on = ANY ($1) AND state = 'active')
           OR (id::text = ANY ($2) AND state IN ('created', 'retry')))`,
      [interrupted, interrupted.map((job) => job.split(' ')[0])],
    )
    return rows[0]?.open === 0
  })
  return Math.round(performance.now() - at)
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; !(await holds()); ) {
    if (Date.now() > deadline) throw new Error(`did not come to pass within ${PATIENCE_MS / 1000} s`)
    await new Promise((next) => setTimeout(next, LOOK_EVERY_MS))
  }
}
