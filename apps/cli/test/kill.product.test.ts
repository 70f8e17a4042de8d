import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { getPriority, setPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { anAssignedStudy } from '@facetgrade/testing/assigned-case'
import { asSystemIn } from '@facetgrade/testing/behind-the-wall'
import { aPersonalToken } from '@facetgrade/testing/personal-token'
import { useTestDatabase } from '@facetgrade/testing/postgres-fixture'
import { type RunningProduct, startProduct } from '@facetgrade/testing/running-product'
import { aWorld, type World } from '@facetgrade/testing/study-world'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCli } from '../src/run-cli.ts'
import { writeCtFolder } from './dicom-folder.ts'
import { startGrading } from './grading-reader.ts'

const ROUNDS = process.env['FACETGRADE_FULL'] === '1' ? 10 : 2
const BACK_WITHIN_MS = 5000
const RESUMED_WITHIN_MS = 15_000
const PATIENCE_MS = 60_000
const LOOK_EVERY_MS = 50
const VICTIMS = ['api', 'worker', 'portal'] as const
type Victim = (typeof VICTIMS)[number]
const READERS = ['J1', 'J2', 'S1', 'S2'] as const
const IMAGES = { patients: 4, perPatient: 60, rows: 512, columns: 512 }

const database = useTestDatabase()
const folder = mkdtempSync(join(tmpdir(), 'facetgrade-kill-'))
let product: RunningProduct

beforeAll(async () => {
  product = await startProduct({ database: database() })
  // The clients in this process stand for other machines: they leave the processor to the product.
  setPriority(getPriority() + 5)
}, 300_000)
afterAll(async () => {
  await product.stop()
  rmSync(folder, { recursive: true, force: true })
})

test(
  `api, worker and portal killed ${ROUNDS} times each under four grading readers: every acknowledged grade once, in order`,
  async () => {
    const { db, boss } = database()
    const { world, studyCode, assignmentOf } = await anAssignedStudy(db, boss)
    const address = product.origin
    const readers = await Promise.all(
      READERS.map(async (name) => {
        const token = await aPersonalToken(db, world.as(name).userId)
        return startGrading({ address, token, studyCode, assignmentId: await assignmentOf(name) })
      }),
    )
    const total = () => readers.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0)
    const silences = () => readers.reduce((sum, reader) => sum + reader.unanswered(), 0)
    const times: Record<Victim, number[]> = { api: [], worker: [], portal: [] }
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const victim of VICTIMS) {
        const before = total()
        await until(() => total() >= before + 2 * READERS.length)
        const [graded, silent] = [total(), silences()]
        times[victim].push(await killed(victim))
        if (victim === 'api') continue
        await until(() => total() >= graded + READERS.length)
        expect({ victim, callsWithoutAnswer: silences() - silent }).toEqual({ victim, callsWithoutAnswer: 0 })
      }
    }
    expect(silences()).toBeGreaterThan(0)
    for (const reader of readers) {
      const held = await reader.stop()
      expect(held).toEqual(reader.acknowledged)
      expect(held.map(({ sequence }) => sequence)).toEqual(held.map((_, index) => index + 1))
    }
    const chains = await world.as('monitor').caller.readings.verifyChains({ studyCode })
    expect(chains).toMatchObject({ faults: [] })
    tell('grading', { grades: total(), ...times })
  },
  ROUNDS * 60_000,
)

test(
  `api, worker and portal killed ${ROUNDS} times each in the middle of importing: every file once, the job resumed`,
  async () => {
    const originals = join(folder, 'originals')
    writeCtFolder(originals, IMAGES)
    const files = IMAGES.patients * IMAGES.perPatient
    const times: Record<Victim | 'resumed', number[]> = { api: [], worker: [], portal: [], resumed: [] }
    for (let round = 0; round < ROUNDS; round += 1) {
      const world = await aWorld(database().db, database().boss)
      const facetgrade = await shell(world)
      const running = facetgrade('import', originals, '--study', world.studyCode, '--json')
      await until(async () => (await answered(world)) > 0)
      times.api.push(await killed('api'))
      times.portal.push(await killed('portal'))
      await until(async () => (await jobsUnderWay()).length > 0)
      const killedAt = Date.now()
      const back = killed('worker')
      const interrupted = await jobsUnderWay()
      times.worker.push(await back)
      expect(await answered(world)).toBeLessThan(files)
      await until(async () => (await jobsUnderWay()).every((job) => !interrupted.includes(job)))
      if (interrupted.length > 0) times.resumed.push(Date.now() - killedAt)
      const { status, out } = await running
      expect({ status, ...JSON.parse(out) }).toMatchObject({
        status: 0,
        received: files,
        answered: files,
        outcomes: { accepted: files, duplicate: 0, held: 0, quarantined: 0, rejected: 0 },
      })
      const images = await asSystemIn(database().db, world, (wall) =>
        wall.instance.findMany({ where: { studyId: world.studyId }, select: { sopInstanceUid: true, blobHash: true } }),
      )
      expect(images).toHaveLength(files)
      expect(new Set(images.map(({ sopInstanceUid }) => sopInstanceUid)).size).toBe(files)
      for (const { blobHash } of images) expect(contentHash(blobHash)).toBe(blobHash)
    }
    expect(times.resumed).not.toEqual([])
    for (const time of times.resumed) expect(time).toBeLessThanOrEqual(RESUMED_WITHIN_MS)
    tell('importing', { filesARound: files, ...times })
  },
  ROUNDS * 90_000,
)

/** Kills it without warning; the time until a new one serves, in ms. */
async function killed(victim: Victim): Promise<number> {
  const pid = await product.pidOf(victim)
  if (pid === undefined) throw new Error(`${victim} does not run`)
  const at = performance.now()
  process.kill(pid, 'SIGKILL')
  await until(() => serves(victim, pid))
  const took = Math.round(performance.now() - at)
  expect({ victim, took, isBack: took <= BACK_WITHIN_MS }).toEqual({ victim, took, isBack: true })
  return took
}

async function serves(victim: Victim, notPid: number): Promise<boolean> {
  if (victim === 'worker') {
    const pid = await product.pidOf(victim)
    return pid !== undefined && pid !== notPid && takesJobs(pid)
  }
  const path = victim === 'api' ? '/api/health' : '/sign-in'
  return fetch(new URL(path, product.origin)).then(
    ({ ok }) => ok,
    () => false,
  )
}

/** The worker answers nobody; its log says that it takes jobs. */
const takesJobs = (pid: number): boolean =>
  readFileSync(join(product.dataFolder, 'logs', 'worker.log'), 'utf8').includes(`"pid":${pid},`)

/** Each attempt of a job that a worker holds: its id and when it was begun. */
async function jobsUnderWay(): Promise<string[]> {
  const { rows } = await database().owner.query<{ job: string }>(
    `SELECT id || ' ' || started_on AS job FROM pgboss.job WHERE state = 'active' AND name LIKE 'import.%'`,
  )
  return rows.map(({ job }) => job)
}

async function shell(world: World) {
  const token = await aPersonalToken(database().db, world.as('coordinator').userId)
  const config = join(folder, world.studyCode)
  return async (...args: string[]) => {
    const said = { out: '', err: '' }
    const status = await runCli(args, {
      env: { ...process.env, FACETGRADE_URL: product.origin, FACETGRADE_TOKEN: token, XDG_CONFIG_HOME: config },
      out: (text) => {
        said.out += text
      },
      err: (text) => {
        said.err += text
      },
      isTerminal: false,
      now: () => performance.now(),
    })
    return { status, ...said }
  }
}

async function answered(world: World): Promise<number> {
  const { rows } = await world.as('coordinator').caller.imports.list({ studyCode: world.studyCode })
  return rows.flatMap((row) => row.counts).reduce((sum, { files }) => sum + files, 0)
}

const contentHash = (blob: string): string =>
  createHash('sha256')
    .update(readFileSync(join(product.dataFolder, 'blobs', blob.slice(0, 2), blob)))
    .digest('hex')

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; !(await holds()); ) {
    if (Date.now() > deadline) throw new Error(`did not come to pass within ${PATIENCE_MS / 1000} s`)
    await new Promise((next) => setTimeout(next, LOOK_EVERY_MS))
  }
}

const tell = (what: string, numbers: object) =>
  process.stdout.write(`${what}, killed (ms): ${JSON.stringify(numbers)}\n`)
