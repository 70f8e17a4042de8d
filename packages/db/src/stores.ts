import { adjudicationStore } from './adjudication/adjudication-store.ts'
import { type AuditChange, audit } from './audit.ts'
import { consensusStore } from './consensus/consensus-store.ts'
import { membershipStore } from './membership/membership-store.ts'
import { protocolStore } from './protocol/protocol-store.ts'
import { studyStore } from './studies/study-store.ts'
import { peopleStore } from './people/people-store.ts'
import type { Wall } from './wall.ts'

/** All stores on one wall, as packages/study names them. One line a noun, sorted. */
export function storesIn(wall: Wall) {
  return {
    adjudication: adjudicationStore(wall),
    audit: { write: (change: AuditChange) => audit(wall, change) },
    consensus: consensusStore(wall),
    membership: membershipStore(wall),
    people: peopleStore(wall),
    protocol: protocolStore(wall),
    studies: studyStore(wall),
  }
}
