import type { AppRouter } from '@facetgrade/study/app-router'
import { createTRPCClient, httpLink, retryLink, type TRPCClient } from '@trpc/client'

/** A server that restarts is back within seconds; a network may need a minute. */
export const RETRY_DELAYS_MS = [200, 500, 1000, 2000, 4000, 8000, 15_000, 30_000]

export type Api = TRPCClient<AppRouter>

/** The installation's procedures, acting as the token's person with that person's roles. */
export const openApi = (address: string, token: string, options: { retries: boolean } = { retries: false }): Api =>
  createTRPCClient<AppRouter>({
    links: [
      // Only where no answer came at all, and only for callers whose every call may be made twice.
      retryLink({
        retry: ({ error, attempts }) => options.retries && !error.data && attempts < RETRY_DELAYS_MS.length,
        retryDelayMs: (attempt) => RETRY_DELAYS_MS[attempt - 1] ?? 0,
      }),
      httpLink({ url: new URL('/api/trpc', address).href, headers: { authorization: `Bearer ${token}` } }),
    ],
  })
