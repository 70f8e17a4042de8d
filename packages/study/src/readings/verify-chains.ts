import { canonicalJson } from '@facetgrade/grading/canonical-json'
import { CHAIN_START, type ChainCheck, checkChain } from '@facetgrade/grading/grade-chain'
import { ChainedGradeEvent } from '@facetgrade/grading/grade-event'
import { z } from 'zod'
import { sha256 } from '../sha256.ts'
import type { Stores } from '../stores.ts'
import type { Checkpoint, CheckpointHead, StoredChain } from './reading-store.ts'

export type ChainFault = {
  readingId: string
  readerCode: string | null
  /** The first event that is wrong; null where the fault lies at the chain's end or in a checkpoint. */
  sequence: number | null
  reason: 'sequence' | 'previous_hash' | 'hash' | 'unreadable' | 'head' | 'signed_head' | 'checkpoint'
}
export type ChainVerification = { readings: number; events: number; checkpoints: number; faults: ChainFault[] }

const AT_ONCE = 100
const Link = z.object({ sequence: z.int(), hash: z.string() })

/** Walks every reading's chain, its head, its signed heads and all checkpoints of the study. Under the system role. */
export async function verifyChains(stores: Pick<Stores, 'readings'>, studyId: string): Promise<ChainVerification> {
  const faults: ChainFault[] = []
  const checkpoints = await stores.readings.checkpoints(studyId)
  const promised = promisedHeads(checkpoints)
  const seen = new Set<string>()
  let events = 0
  let after: string | undefined
  while (true) {
    const chains = await stores.readings.chains(studyId, { after, take: AT_ONCE })
    for (const chain of chains) {
      seen.add(chain.readingId)
      events += chain.events.length
      faults.push(...chainFaults(chain, promised.get(chain.readingId) ?? []))
    }
    after = chains.at(-1)?.readingId
    if (chains.length < AT_ONCE || after === undefined) break
  }
  for (const readingId of promised.keys()) {
    if (!seen.has(readingId)) faults.push({ readingId, readerCode: null, sequence: null, reason: 'checkpoint' })
  }
  faults.push(...checkpointFaults(checkpoints))
  return { readings: seen.size, events, checkpoints: checkpoints.length, faults }
}

/** The faults of one chain; empty when it is intact. */
export function chainFaults(chain: StoredChain, promised: readonly CheckpointHead[] = []): ChainFault[] {
  const { readingId, readerCode } = chain
  const fault = (sequence: number | null, reason: ChainFault['reason']) => [{ readingId, readerCode, sequence, reason }]
  const parsed = chain.events.map((event) => ChainedGradeEvent.safeParse(event))
  const unreadable = parsed.findIndex(({ success }) => !success)
  if (unreadable !== -1) return fault(unreadable + 1, 'unreadable')
  const check: ChainCheck = checkChain(
    sha256,
    parsed.flatMap(({ data }) => (data ? [data] : [])),
  )
  if (check.kind === 'broken') return fault(check.sequence, check.reason)
  const links = chain.events.map((event) => Link.parse(event))
  const headStands =
    links.length === 0
      ? chain.head.sequence === 0
      : chain.head.sequence === links.length && chain.head.hash === check.head
  if (!headStands) return fault(null, 'head')
  const hashes = new Set(links.map(({ hash }) => hash))
  if (!chain.signedHeads.every((hash) => hashes.has(hash))) return fault(null, 'signed_head')
  const broken = promised.find(([, sequence, hash]) => links[sequence - 1]?.hash !== hash)
  return broken ? fault(broken[1], 'checkpoint') : []
}

/** What checkpoints have promised of each reading. */
function promisedHeads(checkpoints: readonly Checkpoint[]): Map<string, CheckpointHead[]> {
  const promised = new Map<string, CheckpointHead[]>()
  for (const { heads } of checkpoints) {
    for (const head of heads) {
      const known = promised.get(head[0])
      if (known) known.push(head)
      else promised.set(head[0], [head])
    }
  }
  return promised
}

export const checkpointHash = (previousHash: string, heads: readonly CheckpointHead[]): string =>
  sha256(canonicalJson({ previousHash, heads: heads.map((head) => [...head]) }))

function checkpointFaults(checkpoints: readonly Checkpoint[]): ChainFault[] {
  let previous: string = CHAIN_START
  for (const [index, { heads, hash, previousHash }] of checkpoints.entries()) {
    if (previousHash !== previous || checkpointHash(previousHash, heads) !== hash) {
      return [{ readingId: '', readerCode: null, sequence: index + 1, reason: 'checkpoint' }]
    }
    previous = hash
  }
  return []
}

/** Seals the heads that moved since the checkpoint before, chained to it. Under the system role. */
export async function writeCheckpoint(
  stores: Pick<Stores, 'readings'>,
  studyId: string,
): Promise<{ hash: string; readings: number }> {
  await stores.readings.lockCheckpoints(studyId)
  const before = await stores.readings.checkpoints(studyId)
  const previousHash = before.at(-1)?.hash ?? CHAIN_START
  const promised = promisedHeads(before)
  const heads = (await stores.readings.heads(studyId)).filter(
    ([readingId, sequence]) => promised.get(readingId)?.at(-1)?.[1] !== sequence,
  )
  const hash = checkpointHash(previousHash, heads)
  await stores.readings.putCheckpoint(studyId, { heads, hash, previousHash })
  return { hash, readings: heads.length }
}
