'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { isUnreachable } from '../shell/refusal.ts'
import { useTRPC } from '../shell/trpc.ts'

const MOST_RETRIES = 5

/** Deciding and confirming. A decision carries its id, so one that was sent again is the same decision. */
export function useRoomActs({ studyCode, roomId }: { studyCode: string; roomId: string }) {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const refresh = async () => {
    await queryClient.invalidateQueries(trpc.adjudication.open.queryFilter({ studyCode, roomId }))
    await queryClient.invalidateQueries({ queryKey: [...trpc.adjudication.pathKey(), 'rooms', studyCode] })
  }
  const decide = useMutation(
    trpc.adjudication.decide.mutationOptions({
      // One after another: what is pressed last is what stands.
      scope: { id: `adjudication-${roomId}` },
      retry: (count, error) => isUnreachable(error) && count < MOST_RETRIES,
      onSettled: refresh,
    }),
  )
  const confirm = useMutation(trpc.adjudication.confirm.mutationOptions({ onSettled: refresh }))
  return { decide, confirm }
}
