import { router } from './procedure.ts'

/** Every procedure of the product, a router per noun. One line a noun, sorted. */
export const appRouter = router({})
export type AppRouter = typeof appRouter
