import { useQuery } from '@tanstack/react-query'
import { type Outputs, useTRPC } from '../shell/trpc.ts'

export type Bundle = Outputs['exports']['bundles']['rows'][number]

const WHILE_WRITING_MS = 1000
/** As many as a person looks through. */
const SHOWN = 50

/** The study's bundles, asked for again while one of them is being written. */
export function useBundles(studyCode: string) {
  const trpc = useTRPC()
  return useQuery(
    trpc.exports.bundles.queryOptions(
      { studyCode, limit: SHOWN },
      {
        refetchInterval: ({ state }) =>
          state.data?.rows.some((one) => one.state === 'building') ? WHILE_WRITING_MS : false,
      },
    ),
  )
}
