import { useQueryClient } from '@tanstack/react-query'
import { useTRPC } from '../shell/trpc.ts'

/** Loads one's own account again after something about it changed. */
export function useRefreshMe(): () => Promise<void> {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  return () => queryClient.invalidateQueries(trpc.people.me.pathFilter())
}
