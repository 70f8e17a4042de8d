import type { AppRouter } from '@facetgrade/study/app-router'
import { createTRPCClient, httpLink, type TRPCClient } from '@trpc/client'

export type Api = TRPCClient<AppRouter>

/** The installation's procedures, acting as the token's person with that person's roles. */
export const openApi = (address: string, token: string): Api =>
  createTRPCClient<AppRouter>({
    links: [httpLink({ url: new URL('/api/trpc', address).href, headers: { authorization: `Bearer ${token}` } })],
  })
