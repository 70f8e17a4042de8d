import { adjudicationExamples } from './adjudication/adjudication-examples.ts'
import type { AppRouter } from './app-router.ts'
import { assignmentsExamples } from './assignments/assignments-examples.ts'
import { casesExamples } from './cases/cases-examples.ts'
import { evaluationExamples } from './evaluation/evaluation-examples.ts'
import type { Example } from './example.ts'
import { exportsExamples } from './export/exports-examples.ts'
import { importsExamples } from './imports/imports-examples.ts'
import { numberingExamples } from './level-numbering/numbering-examples.ts'
import { modelsExamples } from './models/models-examples.ts'
import { patientsExamples } from './patients/patients-examples.ts'
import { peopleExamples } from './people/people-examples.ts'
import { phantomTruthExamples } from './phantom-truth/phantom-truth-examples.ts'
import { planExamples } from './plan/plan-examples.ts'
import { pointsExamples } from './points/points-examples.ts'
import { predictionsExamples } from './predictions/predictions-examples.ts'
import { protocolExamples } from './protocol/protocol-examples.ts'
import { readingsExamples } from './readings/readings-examples.ts'
import { referenceExamples } from './reference/reference-examples.ts'
import { reportExamples } from './report/report-examples.ts'
import { screeningExamples } from './screening/screening-examples.ts'
import { splitExamples } from './split/split-examples.ts'
import { studiesExamples } from './studies/studies-examples.ts'
import { trainingExportExamples } from './training-export/training-export-examples.ts'
import { unsealingExamples } from './unsealing/unsealing-examples.ts'
import { xraySidesExamples } from './xray-sides/xray-sides-examples.ts'

/** One line a noun, sorted; the type demands every noun of the router, each file every procedure of its own. */
export const everyExample: Readonly<Record<keyof AppRouter['_def']['record'], Readonly<Record<string, Example>>>> = {
  adjudication: adjudicationExamples,
  assignments: assignmentsExamples,
  cases: casesExamples,
  evaluation: evaluationExamples,
  exports: exportsExamples,
  imports: importsExamples,
  models: modelsExamples,
  numbering: numberingExamples,
  patients: patientsExamples,
  people: peopleExamples,
  phantomTruth: phantomTruthExamples,
  plan: planExamples,
  points: pointsExamples,
  predictions: predictionsExamples,
  protocol: protocolExamples,
  readings: readingsExamples,
  reference: referenceExamples,
  report: reportExamples,
  screening: screeningExamples,
  split: splitExamples,
  studies: studiesExamples,
  trainingExport: trainingExportExamples,
  unsealing: unsealingExamples,
  xraySides: xraySidesExamples,
}
