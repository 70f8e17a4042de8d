'use client'
import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useTRPC, useTRPCClient } from '../../shell/trpc.ts'

/** Slices of the next case that are fetched while this one is read: the first stack, from its middle. */
const AHEAD = 24

/** The next case of the reader's own order that is not done: its address, and its images fetched ahead. */
export function useNextCase({ studyCode, position }: { studyCode: string; position: number }) {
  const client = useTRPCClient()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const router = useRouter()
  const [href, setHref] = useState<string>()
  const abort = useRef<AbortController>(null)
  useEffect(() => () => abort.current?.abort(), [])

  const prefetch = useCallback(() => {
    abort.current?.abort()
    const controller = new AbortController()
    abort.current = controller
    const ahead = async () => {
      const { rows } = await client.assignments.mine.query({ studyCode, after: position, limit: 50 })
      const next = rows.find(({ state }) => state === 'new' || state === 'draft')
      if (!next || controller.signal.aborted) return
      setHref(`/studies/${studyCode}/reading/${next.assignmentId}`)
      const { assignmentId } = next
      const shown = await client.cases.show.query({ studyCode, assignmentId })
      const [{ registerStack }, { hangStacks }, { outwards, prefetchFrames }] = await Promise.all([
        import('../images/frame-loader.ts'),
        import('../images/hang-stacks.ts'),
        import('../images/prefetch-frames.ts'),
      ])
      const ids = hangStacks(shown.modality, shown.stacks)
        .slice(0, 4)
        .map((stack) => {
          const all = registerStack({ studyCode, assignmentId, modality: shown.modality }, stack)
          return outwards(all, Math.floor(all.length / 2))
        })
      // The first picture of every viewport before the rest of the first one.
      const ordered = [...ids.flatMap((all) => all.slice(0, 1)), ...(ids[0] ?? []).slice(1, AHEAD)]
      await prefetchFrames(ordered, controller.signal)
    }
    ahead().catch(() => undefined) // only ahead of time: the case itself says what is wrong when it is opened
  }, [client, studyCode, position])

  const invalidate = useCallback(
    () => void queryClient.invalidateQueries(trpc.assignments.pathFilter()),
    [queryClient, trpc],
  )
  const goToWorklist = useCallback(() => router.push(`/studies/${studyCode}/reading`), [router, studyCode])
  return { href, prefetch, invalidate, goToWorklist }
}
