import { adjudicationStore } from './adjudication/adjudication-store.ts'
import { assignmentStore } from './assignments/assignment-store.ts'
import { type AuditChange, audit } from './audit.ts'
import { caseStore } from './cases/case-store.ts'
import { consensusStore } from './consensus/consensus-store.ts'
import { membershipStore } from './membership/membership-store.ts'
import { protocolStore } from './protocol/protocol-store.ts'
import { readingStore } from './readings/reading-store.ts'
import { studyStore } from './studies/study-store.ts'
import { peopleStore } from './people/people-store.ts'
import type { Wall } from './wall.ts'
import { xraySideStore } from './xray-sides/xray-side-store.ts'

/** All stores on one wall, as packages/study names them. One line a noun, sorted. */
export function storesIn(wall: Wall) {
  return {
    adjudication: adjudicationStore(wall),
    assignments: assignmentStore(wall),
    audit: { write: (change: AuditChange) => audit(wall, change) },
    cases: caseStore(wall),
    consensus: consensusStore(wall),
    membership: membershipStore(wall),
    people: peopleStore(wall),
    protocol: protocolStore(wall),
    readings: readingStore(wall),
    studies: studyStore(wall),
    xraySides: xraySideStore(wall),
  }
}
