import type { Outputs } from './trpc.ts'

/** A role that a person can hold in a study, as the API says it. */
export type OwnRole = Outputs['studies']['show']['roles'][number]
