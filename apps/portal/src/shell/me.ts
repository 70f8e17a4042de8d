import type { Outputs } from './trpc.ts'

/** The signed-in person. */
export type Me = NonNullable<Outputs['people']['me']>
