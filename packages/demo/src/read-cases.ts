import type { CellAnswer, CellKey } from '@facetgrade/grading/cell'
import type { Modality } from '@facetgrade/grading/modality'
import type { Sha256 } from '@facetgrade/grading/sha256'
import { type Draws, drawsOf } from '@facetgrade/phantom/draws'
import { type DemoPeople, type DemoReader, type OnProgress, proofOf } from './demo-people.ts'
import type { FeatureCuts } from './latent-severity.ts'
import { characterOf } from './published-agreement.ts'
import { type CaseTruth, simulatedReader } from './simulated-reader.ts'

/** A case that a reader has open, before anything is known of it but what the reader sees. */
export type OpenCase = {
  reader: DemoReader
  assignmentId: string
  modality: Modality
  /** Of the first images shown, as the reader's page asks for them. */
  series: number
}
export type Reading = {
  sha256: Sha256
  seed: string
  cuts: FeatureCuts
  /** Which phantom the case shows, as a person would see it in the images. */
  recognise: (open: OpenCase) => Promise<{ phantom: string; truth: CaseTruth }>
}

const PAGE = 200
/** Seconds a cell takes: a person's first cases take longer than the last ones. Invented. */
const SECONDS_A_CELL = { median: 4.2, spread: 0.55, firstCases: 0.6, learningCases: 25 }
const LOOKING_SECONDS = { median: 25, spread: 0.4 }

/** The four readers grade and sign every case that waits for them, side by side, each in their own order. */
export async function readCases(people: DemoPeople, reading: Reading, onProgress: OnProgress): Promise<number> {
  const waiting = await Promise.all(people.readers.map((reader) => waitingFor(reader, people.studyCode)))
  const total = waiting.reduce((sum, cases) => sum + cases.length, 0)
  let done = 0
  await Promise.all(
    people.readers.map(async (reader, index) => {
      const place = people.readers.filter(({ group }) => group === reader.group).indexOf(reader)
      for (const waits of waiting[index] ?? []) {
        await readCase({ reader, place, ...waits, studyCode: people.studyCode }, reading)
        onProgress((done += 1), total)
      }
    }),
  )
  return total
}

type Waiting = { assignmentId: string; modality: Modality; position: number }

async function waitingFor({ api }: DemoReader, studyCode: string): Promise<Waiting[]> {
  const found: Waiting[] = []
  let after = 0
  for (;;) {
    const { rows, next } = await api.assignments.mine.query({ studyCode, after, limit: PAGE })
    found.push(...rows.filter(({ state }) => state === 'new' || state === 'draft'))
    if (next === null) return found
    after = next
  }
}

async function readCase(
  at: { reader: DemoReader; place: number; studyCode: string } & Waiting,
  { sha256, seed, cuts, recognise }: Reading,
): Promise<void> {
  const { reader, place, studyCode, assignmentId, modality, position } = at
  const { api, code, group } = reader
  const { levels, stacks } = await api.cases.open.mutate({ studyCode, assignmentId })
  const { phantom, truth } = await recognise({ reader, assignmentId, modality, series: stacks[0]?.series ?? 0 })
  const sheet = await api.readings.show.query({ studyCode, assignmentId })
  const open = sheet.cells.filter(({ cell, value }) => value.kind === 'not_graded' && levels.includes(cell.level))
  const character = characterOf(group, place)
  const answer = simulatedReader({ sha256, seed, phantom, modality, readerCode: code, character, truth, cuts })
  const pace = paceOf(drawsOf(sha256, seed, `pace ${code} ${phantom} ${modality}`), position)
  let { head } = sheet
  if (open.length > 0) {
    const events = open.map(({ cell }) => entryOf(cell, answer(cell), pace()))
    head = (await api.readings.append.mutate({ studyCode, assignmentId, knownSequence: head.sequence, events })).head
  }
  await api.readings.sign.mutate({ studyCode, assignmentId, head, language: 'en', proof: proofOf(reader) })
}

const entryOf = (cell: CellKey, value: CellAnswer, clientOffsetMs: number) => ({
  id: crypto.randomUUID(),
  cell,
  value,
  how: 'entered' as const,
  clientOffsetMs,
})

/** Milliseconds since the case was opened, cell after cell, as a person's clock would have them. */
function paceOf(draws: Draws, position: number): () => number {
  const learning = 1 + SECONDS_A_CELL.firstCases * Math.exp(-position / SECONDS_A_CELL.learningCases)
  const lognormal = ({ median, spread }: { median: number; spread: number }) =>
    median * Math.exp(spread * draws.normal())
  let seconds = lognormal(LOOKING_SECONDS)
  return () => {
    seconds += lognormal(SECONDS_A_CELL) * learning
    return Math.round(seconds * 1000)
  }
}
