import { randomInt } from 'node:crypto'
import { type CellAnswer, type CellKey, cellText } from '@facetgrade/grading/cell'
import { groupConsensus } from '@facetgrade/grading/consensus'
import { patientLevels } from '@facetgrade/grading/level-numbering'
import type { Protocol } from '@facetgrade/grading/protocol'
import { readerGroup } from '@facetgrade/grading/reader-groups'
import { type Answers, foldEvents } from '@facetgrade/grading/reading-cells'
import { requiredCells } from '@facetgrade/grading/required-cells'
import type { Stores } from '../stores.ts'
import type { GroupCase, SignedReading } from './consensus-store.ts'

/** What a signature set off. */
export type ComputedConsensus =
  /** Another reader of the group has not signed yet. */
  | { readonly kind: 'waiting' }
  /** A consensus is in force: an earlier call made it. */
  | { readonly kind: 'standing'; readonly consensusId: string }
  | { readonly kind: 'settled'; readonly consensusId: string }
  | { readonly kind: 'adjudication'; readonly consensusId: string; readonly discordant: number }

/** Under the system role: call it as `ctx.asSystem((stores) => computeConsensus(stores, readingId))`. */
export type ConsensusStores = Pick<Stores, 'audit' | 'consensus' | 'protocol'>

/**
 * Settles the case that a reading belongs to, once every reader of the group has signed it: agreed cells become
 * consensus, discordant ones go to the group's adjudication room. Call it after the signature is written, in the same
 * transaction. However many sign at one moment, one version comes out; a second call with the same signatures finds it.
 *
 * @throws {RangeError} there is no such reading
 */
export async function computeConsensus(stores: ConsensusStores, readingId: string): Promise<ComputedConsensus> {
  const { consensus } = stores
  const found = await consensus.caseOf(readingId)
  if (!found) throw new RangeError('computeConsensus: no such reading')
  const { groupCase } = found
  await consensus.lock(groupCase)
  const current = await consensus.current(groupCase)
  if (current) return { kind: 'standing', consensusId: current.id }
  const signed = await consensus.signedReadings(groupCase)
  if (signed.length === 0) return { kind: 'waiting' }
  const protocol = await protocolAt(stores, groupCase, newestVersion(signed))
  const rule = readerGroup(protocol, groupCase.readerGroup)
  if (!rule || signed.length < rule.readers) return { kind: 'waiting' }
  return settle(stores, groupCase, signed.slice(0, rule.readers))
}

const newestVersion = (readings: readonly SignedReading[]): number =>
  Math.max(...readings.map((reading) => reading.protocolVersion))

async function protocolAt(stores: ConsensusStores, { studyId }: GroupCase, version: number): Promise<Protocol> {
  const found = await stores.protocol.find(studyId, version)
  if (!found) throw new RangeError(`computeConsensus: no protocol version ${version}`)
  return found.protocol
}

async function settle(
  stores: ConsensusStores,
  groupCase: GroupCase,
  readings: readonly SignedReading[],
): Promise<ComputedConsensus> {
  const { consensus, audit } = stores
  const protocolVersion = newestVersion(readings)
  const required = await commonCells(stores, groupCase, readings)
  const answers = readings.map(({ events }) => foldEvents(events))
  const protocol = await protocolAt(stores, groupCase, protocolVersion)
  const result = groupConsensus(protocol, required, { readings: answers, adjudicated: [] })
  // A reading is signed only when its required cells are answered; anything else is corruption, not a refusal.
  if (result.kind === 'unread') throw new RangeError(`computeConsensus: ${result.cells.length} cells are not answered`)
  const discordant =
    result.kind === 'open' ? result.discordant.map(({ cell }) => ({ cell, values: mixed(answers, cell) })) : []
  const version = (await consensus.lastVersion(groupCase)) + 1
  const { consensusId } = await consensus.create({
    groupCase,
    version,
    protocolVersion,
    memberIds: readings.map(({ memberId }) => memberId),
    signatureIds: readings.map(({ signatureId }) => signatureId),
    agreed: result.cells,
    discordant,
  })
  await audit.write({
    action: 'consensus.computed',
    object: 'Consensus',
    objectId: consensusId,
    new: { version, agreed: result.cells.length, discordant: discordant.length },
  })
  if (discordant.length === 0) return { kind: 'settled', consensusId }
  return { kind: 'adjudication', consensusId, discordant: discordant.length }
}

/** Cells that every one of the readings had to answer, each under its own protocol version and level numbering. */
async function commonCells(
  stores: ConsensusStores,
  groupCase: GroupCase,
  readings: readonly SignedReading[],
): Promise<CellKey[]> {
  const required: CellKey[][] = []
  for (const reading of readings) {
    const protocol = await protocolAt(stores, groupCase, reading.protocolVersion)
    required.push(requiredCells(protocol, groupCase.modality, patientLevels(protocol, reading)))
  }
  const [first = [], ...others] = required
  const asked = others.map((cells) => new Set(cells.map(cellText)))
  return first.filter((cell) => asked.every((cells) => cells.has(cellText(cell))))
}

/** The readers' answers to one cell, shuffled anew for each cell with the system's own randomness: no seed is kept. */
function mixed(answers: readonly Answers[], cell: CellKey): CellAnswer[] {
  const values = answers.flatMap((reading) => reading.get(cellText(cell)) ?? [])
  for (let last = values.length - 1; last > 0; last -= 1) {
    const chosen = randomInt(last + 1)
    const held = values[last] as CellAnswer
    values[last] = values[chosen] as CellAnswer
    values[chosen] = held
  }
  return values
}
