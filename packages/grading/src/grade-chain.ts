import { canonicalJson } from './canonical-json.ts'
import type { ChainedGradeEvent, GradeEvent } from './grade-event.ts'
import type { Hash } from './hash.ts'
import type { Sha256 } from './sha256.ts'

/** Previous hash of a reading's first event. */
export const CHAIN_START: Hash = '0'.repeat(64)

/** The text whose SHA-256 is an event's hash: canonical JSON of the event together with the hash before it. */
export function chainInput(event: GradeEvent, previousHash: Hash): string {
  return canonicalJson({ ...event, previousHash })
}

/** The event with its place in the chain. One chain per Reading, so readers never wait for one another. */
export function chained(sha256: Sha256, event: GradeEvent, previousHash: Hash): ChainedGradeEvent {
  return { ...event, previousHash, hash: sha256(chainInput(event, previousHash)) }
}

export type ChainCheck =
  | { readonly kind: 'intact'; readonly head: Hash }
  | { readonly kind: 'broken'; readonly sequence: number; readonly reason: 'sequence' | 'previous_hash' | 'hash' }

/** Walks the chain of one reading, given in order of sequence; `sequence` of a broken one is the first that is wrong. */
export function checkChain(sha256: Sha256, events: readonly ChainedGradeEvent[]): ChainCheck {
  let head = CHAIN_START
  for (const [index, { previousHash, hash, ...event }] of events.entries()) {
    const sequence = index + 1
    if (event.sequence !== sequence) return { kind: 'broken', sequence, reason: 'sequence' }
    if (previousHash !== head) return { kind: 'broken', sequence, reason: 'previous_hash' }
    if (sha256(chainInput(event, head)) !== hash) return { kind: 'broken', sequence, reason: 'hash' }
    head = hash
  }
  return { kind: 'intact', head }
}
