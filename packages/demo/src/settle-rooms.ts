import type { CellAnswer } from '@facetgrade/grading/cell'
import type { Sha256 } from '@facetgrade/grading/sha256'
import { type Draws, drawsOf } from '@facetgrade/phantom/draws'
import { type DemoApi, type DemoPeople, type DemoReader, type OnProgress, proofOf } from './demo-people.ts'

const PAGE = 200
/** A grade against "not assessable": the one who saw it convinces the other this often. */
const SEEN_CONVINCES = 0.7

/** Each group's pair settles its rooms together: the first proposes a value for every cell, and both confirm. */
export async function settleRooms(
  { studyCode, readers }: DemoPeople,
  { sha256, seed }: { sha256: Sha256; seed: string },
  onProgress: OnProgress,
): Promise<number> {
  const pairs = [...Map.groupBy(readers, ({ group }) => group).values()]
  const rooms = await Promise.all(pairs.map((pair) => openRooms(pair, studyCode)))
  const total = rooms.reduce((sum, { length }) => sum + length, 0)
  let done = 0
  await Promise.all(
    pairs.map(async (pair, index) => {
      for (const { roomId, position, modality } of rooms[index] ?? []) {
        const draws = drawsOf(sha256, seed, `room ${pair[0]?.code ?? ''} ${position} ${modality}`)
        await settleRoom(pair, { studyCode, roomId, draws })
        onProgress((done += 1), total)
      }
    }),
  )
  return total
}

type Room = Awaited<ReturnType<DemoApi['adjudication']['rooms']['query']>>['rows'][number]

async function openRooms([first]: readonly DemoReader[], studyCode: string): Promise<Room[]> {
  const found: Room[] = []
  if (!first) return found
  let after: string | undefined
  for (;;) {
    const page = await first.api.adjudication.rooms.query({
      studyCode,
      take: PAGE,
      ...(after === undefined ? {} : { after }),
    })
    found.push(...page.rows.filter(({ state }) => state === 'open'))
    if (page.next === null) return found
    after = page.next
  }
}

async function settleRoom(
  pair: readonly DemoReader[],
  { studyCode, roomId, draws }: { studyCode: string; roomId: string; draws: Draws },
): Promise<void> {
  const [first] = pair
  if (!first) return
  const { items } = await first.api.adjudication.open.query({ studyCode, roomId })
  const decisions = items
    .filter(({ decision }) => decision === null)
    .map(({ itemId, values }) => ({ itemId, decisionId: crypto.randomUUID(), value: jointValue(values, draws) }))
  if (decisions.length > 0) await first.api.adjudication.decideAll.mutate({ studyCode, roomId, decisions })
  for (const reader of pair) {
    const { decisionsHash, confirmations } = await reader.api.adjudication.open.query({ studyCode, roomId })
    if (confirmations.mine === 'confirmed') continue
    await reader.api.adjudication.confirm.mutate({ studyCode, roomId, decisionsHash, proof: proofOf(reader) })
  }
}

/** What a pair settles on: the middle where there is one, else one of the two; a grade rather than none. */
function jointValue(values: readonly CellAnswer[], draws: Draws): CellAnswer {
  const at = draws.between(0, 1)
  const graded = values.flatMap((value) => (value.kind === 'graded' ? [value.grade] : []))
  const [only] = values.filter(({ kind }) => kind !== 'graded')
  if (only && (graded.length === 0 || at >= SEEN_CONVINCES)) return only
  const middle = graded.reduce((sum, grade) => sum + grade, 0) / graded.length
  return { kind: 'graded', grade: at < 0.5 ? Math.floor(middle) : Math.ceil(middle) }
}
