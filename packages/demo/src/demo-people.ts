import type { AppRouter } from '@facetgrade/study/app-router'
import type { TRPCClient } from '@trpc/client'

export type DemoApi = TRPCClient<AppRouter>
/** A person of the demo, signed in. The PIN stands for the signature that a real person gives by hand. */
export type DemoPerson = { api: DemoApi; pin: string }
export type DemoReader = DemoPerson & { code: string; group: string }

export type DemoPeople = {
  studyCode: string
  investigator: DemoPerson
  coordinator: DemoPerson
  statistician: DemoPerson
  modeller: DemoPerson
  /** In the order of their codes. */
  readers: readonly DemoReader[]
}

/** Called whenever one more is done. */
export type OnProgress = (done: number, total: number) => void

export const proofOf = ({ pin }: DemoPerson) => ({ method: 'pin' as const, pin })
