import type { AdjudicationStore } from './adjudication/adjudication-store.ts'
import type { AssignmentStore } from './assignments/assignment-store.ts'
import type { AuditStore } from './audit/audit-store.ts'
import type { CaseStore } from './cases/case-store.ts'
import type { ConsensusStore } from './consensus/consensus-store.ts'
import type { EvaluationRunStore } from './evaluation/evaluation-run-store.ts'
import type { EvaluationStore } from './evaluation/evaluation-store.ts'
import type { ExamStore } from './exams/exam-store.ts'
import type { BundleStore } from './export/bundle-store.ts'
import type { ExportStore } from './export/export-store.ts'
import type { ImportStore } from './imports/import-store.ts'
import type { LevelNumberingStore } from './level-numbering/level-numbering-store.ts'
import type { MembershipStore } from './membership/membership-store.ts'
import type { ModelRunStore } from './models/model-run-store.ts'
import type { ModelStore } from './models/model-store.ts'
import type { PatientStore } from './patients/patient-store.ts'
import type { PeopleStore } from './people/people-store.ts'
import type { PhantomTruthStore } from './phantom-truth/phantom-truth-store.ts'
import type { PlanStore } from './plan/plan-store.ts'
import type { PointsStore } from './points/points-store.ts'
import type { PredictionStore } from './predictions/prediction-store.ts'
import type { ProtocolStore } from './protocol/protocol-store.ts'
import type { ReadingStore } from './readings/reading-store.ts'
import type { ReferenceStore } from './reference/reference-store.ts'
import type { ReportStore } from './report/report-store.ts'
import type { ScreeningStore } from './screening/screening-store.ts'
import type { SplitStore } from './split/split-store.ts'
import type { StudyStore } from './studies/study-store.ts'
import type { TrainingExportStore } from './training-export/training-export-store.ts'
import type { UnsealingStore } from './unsealing/unsealing-store.ts'
import type { XraySideStore } from './xray-sides/xray-side-store.ts'

/** Every port that use cases reach the database through, opened together inside one wall. One line a noun, sorted. */
export type Stores = {
  adjudication: AdjudicationStore
  assignments: AssignmentStore
  audit: AuditStore
  bundles: BundleStore
  cases: CaseStore
  consensus: ConsensusStore
  evaluation: EvaluationStore
  evaluationRuns: EvaluationRunStore
  exams: ExamStore
  exports: ExportStore
  imports: ImportStore
  levelNumbering: LevelNumberingStore
  membership: MembershipStore
  modelRuns: ModelRunStore
  models: ModelStore
  patients: PatientStore
  people: PeopleStore
  phantomTruth: PhantomTruthStore
  plan: PlanStore
  points: PointsStore
  predictions: PredictionStore
  protocol: ProtocolStore
  readings: ReadingStore
  reference: ReferenceStore
  report: ReportStore
  screening: ScreeningStore
  split: SplitStore
  studies: StudyStore
  trainingExport: TrainingExportStore
  unsealing: UnsealingStore
  xraySides: XraySideStore
}
