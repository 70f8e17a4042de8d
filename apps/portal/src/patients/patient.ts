import type { Outputs } from '../shell/trpc.ts'

export type Patient = Outputs['patients']['list']['rows'][number]
