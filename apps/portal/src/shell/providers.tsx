'use client'
import type { AppRouter } from '@facetgrade/study/app-router'
import { ToastProvider } from '@facetgrade/ui/toast'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createTRPCClient, httpBatchLink } from '@trpc/client'
import { useTranslations } from 'next-intl'
import { type ReactNode, useState } from 'react'
import { endedSession } from './ended-session.ts'
import { isUnreachable } from './refusal.ts'
import { signInAgainLink } from './sign-in-again-link.ts'
import { TRPCProvider } from './trpc.ts'

const STALE_MS = 15_000

function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // A refusal stays a refusal however often one asks; only an unreachable server is worth another try.
      queries: { staleTime: STALE_MS, retry: (failures, error) => isUnreachable(error) && failures < 3 },
      mutations: { retry: false },
    },
  })
}

const newTrpcClient = () =>
  createTRPCClient<AppRouter>({
    links: [
      signInAgainLink(() => endedSession.waitForSignIn()),
      httpBatchLink({ url: '/api/trpc', maxURLLength: 6000 }),
    ],
  })

export function Providers({ children }: { children: ReactNode }) {
  const t = useTranslations('shell')
  const [queryClient] = useState(newQueryClient)
  const [trpcClient] = useState(newTrpcClient)
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider queryClient={queryClient} trpcClient={trpcClient}>
        <ToastProvider closeLabel={t('close')}>{children}</ToastProvider>
      </TRPCProvider>
    </QueryClientProvider>
  )
}
