import { setTimeout as pause } from 'node:timers/promises'
import { type Api, openApi } from '../../apps/cli/src/api.ts'
import { type AssignedStudy, anAssignedStudy } from '../../packages/testing/src/assigned-case.ts'
import { aPersonalToken } from '../../packages/testing/src/personal-token.ts'
import type { Installation } from './installation.ts'
import { load, type Measurement, median, quantile } from './measurement.ts'

const READERS = 50
const NAMES = ['J1', 'J2', 'S1', 'S2'] as const
/** A person grades a joint's feature about every two seconds. */
const THINKING_MS = { least: 1000, most: 3000 }
const GRADES = [0, 1, 2, 3]

type Reader = { api: Api; studyCode: string; assignmentId: string }
type Pace = { what: string; thinks: boolean; seconds: number; runs: number; budget: string }

/** Fifty people with a case each, in studies of four readers; times from the sent request to the acknowledgement. */
export async function grading(
  at: Installation,
  { seconds, runs }: { seconds: number; runs: number },
): Promise<Measurement[]> {
  const readers = await fiftyReaders(at)
  const paced = await pace(readers, {
    what: 'grade acknowledged, 50 readers at the pace of people',
    thinks: true,
    seconds,
    runs,
    budget: 'p95 ≤ 50 ms',
  })
  const saturated = await pace(readers, {
    what: 'grade acknowledged, 50 readers without a pause',
    thinks: false,
    seconds: seconds / 2,
    runs,
    budget: 'p95 ≤ 50 ms',
  })
  return [...paced, ...saturated]
}

async function fiftyReaders(at: Installation): Promise<Reader[]> {
  const studies: AssignedStudy[] = []
  for (let index = 0; index < Math.ceil(READERS / NAMES.length); index += 1) {
    studies.push(await anAssignedStudy(at.db, at.boss))
  }
  const everyone = studies.flatMap((study) => NAMES.map((name) => ({ study, name })))
  return Promise.all(
    everyone.slice(0, READERS).map(async ({ study: { world, studyCode, assignmentOf }, name }) => {
      const api = openApi(at.product.origin, await aPersonalToken(at.db, world.as(name).userId))
      const assignmentId = await assignmentOf(name)
      await api.cases.open.mutate({ studyCode, assignmentId })
      return { api, studyCode, assignmentId }
    }),
  )
}

async function pace(readers: readonly Reader[], of: Pace): Promise<Measurement[]> {
  const before = load()
  const figures: { p50: number; p95: number; rate: number; grades: number }[] = []
  for (let run = 0; run < of.runs; run += 1) {
    const until = performance.now() + of.seconds * 1000
    const times = (await Promise.all(readers.map((reader) => gradeUntil(reader, { until, thinks: of.thinks })))).flat()
    const [p50, p95] = [quantile(times, 0.5), quantile(times, 0.95)]
    figures.push({ p50, p95, rate: times.length / of.seconds, grades: times.length })
  }
  const n = `${figures.reduce((sum, { grades }) => sum + grades, 0)} grades, median of ${of.runs} runs of ${of.seconds} s`
  const line = (what: string, value: (figure: (typeof figures)[number]) => number, unit: string, budget: string) => ({
    what: `${of.what}: ${what}`,
    value: median(figures.map(value)),
    unit,
    n,
    budget,
    load: before,
  })
  return [
    line('p50', ({ p50 }) => p50, 'ms', ''),
    line('p95', ({ p95 }) => p95, 'ms', of.budget),
    line('rate', ({ rate }) => rate, 'grades/s', ''),
  ]
}

async function gradeUntil(reader: Reader, { until, thinks }: { until: number; thinks: boolean }): Promise<number[]> {
  const { api, studyCode, assignmentId } = reader
  const { cells, head } = await api.readings.show.query({ studyCode, assignmentId })
  const times: number[] = []
  // Nobody begins together: the first thought is of any length.
  if (thinks) await pause(Math.random() * THINKING_MS.most)
  for (let knownSequence = head.sequence; performance.now() < until; ) {
    const cell = cells[knownSequence % cells.length]?.cell
    const grade = GRADES[Math.floor(knownSequence / cells.length) % GRADES.length]
    if (cell === undefined || grade === undefined) throw new Error('the form has no cells')
    const event = {
      id: crypto.randomUUID(),
      cell,
      value: { kind: 'graded' as const, grade },
      how: 'entered' as const,
      clientOffsetMs: 0,
    }
    const started = performance.now()
    const answer = await api.readings.append.mutate({ studyCode, assignmentId, knownSequence, events: [event] })
    times.push(performance.now() - started)
    knownSequence = answer.head.sequence
    if (thinks) await pause(THINKING_MS.least + Math.random() * (THINKING_MS.most - THINKING_MS.least))
  }
  return times
}
