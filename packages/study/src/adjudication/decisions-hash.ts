import { canonicalJson } from '@facetgrade/grading/canonical-json'
import { sha256 } from '../sha256.ts'
import type { Item } from './adjudication-store.ts'

/**
 * What a reader confirms: SHA-256 over canonical JSON of each item with its latest decision and value, in the order of
 * item ids. Any further decision, even one back to an earlier value, makes another hash and so voids a confirmation.
 */
export function decisionsHash(items: readonly Item[]): string {
  const decided = items
    .map(({ itemId, decision }) => ({
      itemId,
      decisionId: decision?.decisionId ?? null,
      value: decision?.value ?? null,
    }))
    .toSorted((a, b) => (a.itemId < b.itemId ? -1 : 1))
  return sha256(canonicalJson(decided))
}
