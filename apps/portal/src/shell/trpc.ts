import type { AppRouter } from '@facetgrade/study/app-router'
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server'
import { createTRPCContext } from '@trpc/tanstack-react-query'

/** `useTRPC().people.me.queryOptions()` into useQuery, `.mutationOptions()` into useMutation. */
export const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>()
/** `Outputs['people']['members'][number]`: what the wire carries (dates are ISO strings). */
export type Outputs = inferRouterOutputs<AppRouter>
export type Inputs = inferRouterInputs<AppRouter>
