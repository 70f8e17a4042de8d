import { type CellAnswer, type CellKey, cellText, NOT_ASSESSABLE_CODES, type NotAssessableReason } from './cell.ts'
import type { AdjudicatedCell, ConsensusCell, DiscordantCell } from './consensus-cell.ts'
import { discordance } from './discordance.ts'
import type { Protocol } from './protocol.ts'
import type { Answers } from './reading-cells.ts'

export type CellConsensus =
  | { readonly kind: 'agreed'; readonly value: CellAnswer }
  | { readonly kind: 'adjudicate'; readonly spread: number | null }

type Rules = Pick<Protocol, 'discordance'>

/**
 * What a group's readers settle on in one cell without talking: nothing is adjudicated when no two of them are
 * discordant. Grades that differ within the tolerance give the lower or the higher one, as the protocol says. Where all
 * find the cell not assessable, the reason that stands first in NOT_ASSESSABLE_CODES stands for the group; the readings
 * keep each reader's own. The order of the answers does not matter.
 *
 * @param answers  one per reader of the group
 * @throws {RangeError} no answer, or a feature without a discordance rule
 */
export function consensus({ discordance: rule }: Rules, cell: CellKey, answers: readonly CellAnswer[]): CellConsensus {
  const steps = rule.steps[cell.feature]
  if (steps === undefined) throw new RangeError(`consensus: no discordance rule for ${cell.feature}`)
  const [first, ...rest] = answers
  if (!first) throw new RangeError('consensus: no answer')
  let widest = 0
  for (const [index, one] of answers.entries()) {
    for (const other of answers.slice(index + 1)) {
      const pair = discordance(one, other, steps)
      if (pair.kind === 'discordant' && pair.spread === null) return { kind: 'adjudicate', spread: null }
      if (pair.kind === 'discordant') widest = Math.max(widest, pair.spread ?? 0)
    }
  }
  if (widest > 0) return { kind: 'adjudicate', spread: widest }
  return { kind: 'agreed', value: rest.reduce((one, other) => settled(one, other, rule.withinTolerance), first) }
}

/** Two answers that agree: both grades, or both not assessable. */
function settled(one: CellAnswer, other: CellAnswer, prefer: 'lower' | 'higher'): CellAnswer {
  if (one.kind === 'graded' && other.kind === 'graded') {
    const pick = prefer === 'lower' ? Math.min : Math.max
    return { kind: 'graded', grade: pick(one.grade, other.grade) }
  }
  if (one.kind === 'not_assessable' && other.kind === 'not_assessable') {
    return compareReasons(one.reason, other.reason) <= 0 ? one : other
  }
  throw new RangeError('consensus: a grade and not assessable do not agree')
}

function compareReasons(a: NotAssessableReason, b: NotAssessableReason): number {
  if (a.code === 'other' && b.code === 'other') return a.text < b.text ? -1 : 1
  return NOT_ASSESSABLE_CODES.indexOf(a.code) - NOT_ASSESSABLE_CODES.indexOf(b.code)
}

/** A group's consensus on one case. Until it is settled nobody but the group may see any of it. */
export type GroupConsensus =
  /** A reader has not answered these required cells: there is no consensus yet. */
  | { readonly kind: 'unread'; readonly cells: readonly CellKey[] }
  | { readonly kind: 'open'; readonly cells: readonly ConsensusCell[]; readonly discordant: readonly DiscordantCell[] }
  | { readonly kind: 'settled'; readonly cells: readonly ConsensusCell[] }

/**
 * Consensus of a group on one case: agreed cells, and discordant ones by the group's own decision.
 *
 * @param required  cells of the case, requiredCells()
 * @param readings  answers of each reader of the group, all of them signed
 * @param adjudicated  decisions confirmed so far
 * @throws {RangeError} no reading, or a decision on a cell that is not discordant or that is decided twice
 */
export function groupConsensus(
  protocol: Rules,
  required: readonly CellKey[],
  { readings, adjudicated }: { readings: readonly Answers[]; adjudicated: readonly AdjudicatedCell[] },
): GroupConsensus {
  if (readings.length === 0) throw new RangeError('groupConsensus: no reading')
  const unread = required.filter((cell) => readings.some((answers) => !answers.has(cellText(cell))))
  if (unread.length > 0) return { kind: 'unread', cells: unread }
  const decisions = new Map(adjudicated.map(({ cell, value }) => [cellText(cell), value]))
  if (decisions.size < adjudicated.length) throw new RangeError('groupConsensus: a cell is decided twice')
  const cells: ConsensusCell[] = []
  const discordant: DiscordantCell[] = []
  for (const cell of required) {
    const key = cellText(cell)
    const answers = readings.flatMap((reading) => reading.get(key) ?? [])
    const result = consensus(protocol, cell, answers)
    const decision = decisions.get(key)
    if (result.kind === 'agreed') cells.push({ cell, value: result.value, source: 'agreed' })
    else if (decision) cells.push({ cell, value: decision, source: 'adjudicated' })
    else discordant.push({ cell, spread: result.spread })
    if (result.kind === 'adjudicate') decisions.delete(key)
  }
  const [stray] = decisions.keys()
  if (stray) throw new RangeError(`groupConsensus: ${stray} is decided, but not discordant`)
  return discordant.length > 0 ? { kind: 'open', cells, discordant } : { kind: 'settled', cells }
}
