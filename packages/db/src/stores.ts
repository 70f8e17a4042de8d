import { adjudicationStore } from './adjudication/adjudication-store.ts'
import { assignmentStore } from './assignments/assignment-store.ts'
import { type AuditChange, audit } from './audit.ts'
import { caseStore } from './cases/case-store.ts'
import { consensusStore } from './consensus/consensus-store.ts'
import { evaluationRunStore } from './evaluation/evaluation-run-store.ts'
import { evaluationStore } from './evaluation/evaluation-store.ts'
import { examStore } from './exams/exam-store.ts'
import { bundleStore } from './export/bundle-store.ts'
import { exportStore } from './export/export-store.ts'
import { importStore } from './imports/import-store.ts'
import { levelNumberingStore } from './level-numbering/level-numbering-store.ts'
import { membershipStore } from './membership/membership-store.ts'
import { modelRunStore } from './models/model-run-store.ts'
import { modelStore } from './models/model-store.ts'
import { patientStore } from './patients/patient-store.ts'
import { peopleStore } from './people/people-store.ts'
import { phantomTruthStore } from './phantom-truth/phantom-truth-store.ts'
import { planStore } from './plan/plan-store.ts'
import { pointsStore } from './points/points-store.ts'
import { predictionStore } from './predictions/prediction-store.ts'
import { protocolStore } from './protocol/protocol-store.ts'
import { readingStore } from './readings/reading-store.ts'
import { referenceStore } from './reference/reference-store.ts'
import { reportStore } from './report/report-store.ts'
import { screeningStore } from './screening/screening-store.ts'
import { splitStore } from './split/split-store.ts'
import { studyStore } from './studies/study-store.ts'
import { trainingExportStore } from './training-export/training-export-store.ts'
import { unsealingStore } from './unsealing/unsealing-store.ts'
import type { Wall } from './wall.ts'
import { xraySideStore } from './xray-sides/xray-side-store.ts'

/** All stores on one wall, as packages/study names them. One line a noun, sorted. */
export function storesIn(wall: Wall) {
  return {
    adjudication: adjudicationStore(wall),
    assignments: assignmentStore(wall),
    audit: { write: (change: AuditChange) => audit(wall, change) },
    bundles: bundleStore(wall),
    cases: caseStore(wall),
    consensus: consensusStore(wall),
    evaluation: evaluationStore(wall),
    evaluationRuns: evaluationRunStore(wall),
    exams: examStore(wall),
    exports: exportStore(wall),
    imports: importStore(wall),
    levelNumbering: levelNumberingStore(wall),
    membership: membershipStore(wall),
    modelRuns: modelRunStore(wall),
    models: modelStore(wall),
    patients: patientStore(wall),
    people: peopleStore(wall),
    phantomTruth: phantomTruthStore(wall),
    plan: planStore(wall),
    points: pointsStore(wall),
    predictions: predictionStore(wall),
    protocol: protocolStore(wall),
    readings: readingStore(wall),
    reference: referenceStore(wall),
    report: reportStore(wall),
    screening: screeningStore(wall),
    split: splitStore(wall),
    studies: studyStore(wall),
    trainingExport: trainingExportStore(wall),
    unsealing: unsealingStore(wall),
    xraySides: xraySideStore(wall),
  }
}
