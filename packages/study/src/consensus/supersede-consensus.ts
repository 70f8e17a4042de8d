import type { ConsensusStores } from './compute-consensus.ts'

/** What an unlock did to the group's consensus. */
export type SupersededConsensus =
  | { readonly kind: 'none' }
  /** `adjudicationHadOpened`: the pair had seen each other's values, so the next version says so in the trail. */
  | { readonly kind: 'superseded'; readonly consensusId: string; readonly adjudicationHadOpened: boolean }

/**
 * Takes the consensus that stands on a reading out of force, because the reading is unlocked. Nothing is deleted: the
 * version stays with what was adjudicated on it, everything derived from it reads as stale, and the next signature makes
 * the next version. Call it under the system role in the transaction of the unlock.
 *
 * @throws {RangeError} there is no such reading
 */
export async function supersedeConsensus(stores: ConsensusStores, readingId: string): Promise<SupersededConsensus> {
  const { consensus, audit } = stores
  const found = await consensus.caseOf(readingId)
  if (!found) throw new RangeError('supersedeConsensus: no such reading')
  await consensus.lock(found.groupCase)
  const current = await consensus.current(found.groupCase)
  if (!current?.memberIds.includes(found.memberId)) return { kind: 'none' }
  await consensus.supersede(current.id)
  const adjudicationHadOpened = current.adjudicationOpenedAt !== null
  await audit.write({
    action: 'consensus.superseded',
    object: 'Consensus',
    objectId: current.id,
    old: { version: current.version },
    new: { adjudicationHadOpened },
  })
  return { kind: 'superseded', consensusId: current.id, adjudicationHadOpened }
}
