import type { AdjudicationStore } from './adjudication/adjudication-store.ts'
import type { AssignmentStore } from './assignments/assignment-store.ts'
import type { AuditStore } from './audit/audit-store.ts'
import type { CaseStore } from './cases/case-store.ts'
import type { ConsensusStore } from './consensus/consensus-store.ts'
import type { MembershipStore } from './membership/membership-store.ts'
import type { PeopleStore } from './people/people-store.ts'
import type { ProtocolStore } from './protocol/protocol-store.ts'
import type { ReadingStore } from './readings/reading-store.ts'
import type { StudyStore } from './studies/study-store.ts'
import type { XraySideStore } from './xray-sides/xray-side-store.ts'

/** Every port that use cases reach the database through, opened together inside one wall. One line a noun, sorted. */
export type Stores = {
  adjudication: AdjudicationStore
  assignments: AssignmentStore
  audit: AuditStore
  cases: CaseStore
  consensus: ConsensusStore
  membership: MembershipStore
  people: PeopleStore
  protocol: ProtocolStore
  readings: ReadingStore
  studies: StudyStore
  xraySides: XraySideStore
}
