import { adjudicationRouter } from './adjudication/adjudication-router.ts'
import { peopleRouter } from './people/people-router.ts'
import { router } from './procedure.ts'
import { protocolRouter } from './protocol/protocol-router.ts'
import { studiesRouter } from './studies/studies-router.ts'

/** Every procedure of the product, a router per noun. One line a noun, sorted. */
export const appRouter = router({
  adjudication: adjudicationRouter,
  people: peopleRouter,
  protocol: protocolRouter,
  studies: studiesRouter,
})
export type AppRouter = typeof appRouter
