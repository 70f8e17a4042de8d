import { type AuditChange, audit } from './audit.ts'
import { membershipStore } from './membership/membership-store.ts'
import type { Wall } from './wall.ts'

/** All stores on one wall, as packages/study names them. One line a noun, sorted. */
export function storesIn(wall: Wall) {
  return {
    audit: { write: (change: AuditChange) => audit(wall, change) },
    membership: membershipStore(wall),
  }
}
