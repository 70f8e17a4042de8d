import { adjudicationRouter } from './adjudication/adjudication-router.ts'
import { assignmentsRouter } from './assignments/assignments-router.ts'
import { casesRouter } from './cases/cases-router.ts'
import { peopleRouter } from './people/people-router.ts'
import { router } from './procedure.ts'
import { protocolRouter } from './protocol/protocol-router.ts'
import { readingsRouter } from './readings/readings-router.ts'
import { studiesRouter } from './studies/studies-router.ts'
import { xraySidesRouter } from './xray-sides/xray-sides-router.ts'

/** Every procedure of the product, a router per noun. One line a noun, sorted. */
export const appRouter = router({
  adjudication: adjudicationRouter,
  assignments: assignmentsRouter,
  cases: casesRouter,
  people: peopleRouter,
  protocol: protocolRouter,
  readings: readingsRouter,
  studies: studiesRouter,
  xraySides: xraySidesRouter,
})
export type AppRouter = typeof appRouter
