import type { Outputs } from '../shell/trpc.ts'

/** The room as the API hands it to one of its readers. */
export type OpenedRoom = Outputs['adjudication']['open']
