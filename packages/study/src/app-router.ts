import { adjudicationRouter } from './adjudication/adjudication-router.ts'
import { assignmentsRouter } from './assignments/assignments-router.ts'
import { casesRouter } from './cases/cases-router.ts'
import { evaluationRouter } from './evaluation/evaluation-router.ts'
import { exportsRouter } from './export/exports-router.ts'
import { importsRouter } from './imports/imports-router.ts'
import { numberingRouter } from './level-numbering/numbering-router.ts'
import { modelsRouter } from './models/models-router.ts'
import { patientsRouter } from './patients/patients-router.ts'
import { peopleRouter } from './people/people-router.ts'
import { phantomTruthRouter } from './phantom-truth/phantom-truth-router.ts'
import { planRouter } from './plan/plan-router.ts'
import { pointsRouter } from './points/points-router.ts'
import { predictionsRouter } from './predictions/predictions-router.ts'
import { router } from './procedure.ts'
import { protocolRouter } from './protocol/protocol-router.ts'
import { readingsRouter } from './readings/readings-router.ts'
import { referenceRouter } from './reference/reference-router.ts'
import { reportRouter } from './report/report-router.ts'
import { screeningRouter } from './screening/screening-router.ts'
import { splitRouter } from './split/split-router.ts'
import { studiesRouter } from './studies/studies-router.ts'
import { trainingExportRouter } from './training-export/training-export-router.ts'
import { unsealingRouter } from './unsealing/unsealing-router.ts'
import { xraySidesRouter } from './xray-sides/xray-sides-router.ts'

/** Every procedure of the product, a router per noun. One line a noun, sorted. */
export const appRouter = router({
  adjudication: adjudicationRouter,
  assignments: assignmentsRouter,
  cases: casesRouter,
  evaluation: evaluationRouter,
  exports: exportsRouter,
  imports: importsRouter,
  numbering: numberingRouter,
  models: modelsRouter,
  patients: patientsRouter,
  people: peopleRouter,
  phantomTruth: phantomTruthRouter,
  plan: planRouter,
  points: pointsRouter,
  predictions: predictionsRouter,
  protocol: protocolRouter,
  readings: readingsRouter,
  reference: referenceRouter,
  report: reportRouter,
  screening: screeningRouter,
  split: splitRouter,
  studies: studiesRouter,
  trainingExport: trainingExportRouter,
  unsealing: unsealingRouter,
  xraySides: xraySidesRouter,
})
export type AppRouter = typeof appRouter
