'use client'
import type { Protocol } from '@facetgrade/grading/protocol'
import { buttonClass } from '@facetgrade/ui/button'
import { ErrorState, LoadingState } from '@facetgrade/ui/state'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useRefusalText } from '../shell/refusal.ts'
import { useTRPC } from '../shell/trpc.ts'
import styles from './room.module.css'
import { RoomPage } from './room-page.tsx'

/** The other of the pair decides on another screen: what they do is here within this time. */
const REFRESH_MS = 3000

/** Opens the room of this address: its cells, and the case's images through the reader's own assignment. */
export function RoomScreen({ studyCode, roomId }: { studyCode: string; roomId: string }) {
  const t = useTranslations('adjudication')
  const shell = useTranslations('shell')
  const trpc = useTRPC()
  const refusalText = useRefusalText()
  const room = useQuery({
    ...trpc.adjudication.open.queryOptions({ studyCode, roomId }),
    refetchInterval: ({ state }) => (state.data?.state === 'open' ? REFRESH_MS : false),
  })
  const assignmentId = room.data?.assignmentId
  const version = room.data?.protocolVersion
  const shown = useQuery({
    ...trpc.cases.show.queryOptions({ studyCode, assignmentId: assignmentId ?? '' }),
    enabled: assignmentId !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const protocol = useQuery({
    ...trpc.protocol.show.queryOptions({ studyCode, ...(version === undefined ? {} : { version }) }),
    enabled: version !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (room.data && shown.data && protocol.data) {
    return (
      <RoomPage
        key={roomId}
        studyCode={studyCode}
        room={room.data}
        shown={shown.data}
        protocol={protocol.data.protocol as Protocol}
        isUnreachable={room.isError}
      />
    )
  }
  const error = room.error ?? shown.error ?? protocol.error
  return (
    <main id="main" className={styles['alone']}>
      {error ? (
        <ErrorState
          title={shell('cannotLoad')}
          retry={{ label: shell('retry'), onRetry: () => void room.refetch(), isBusy: room.isFetching }}
        >
          {refusalText(error)}{' '}
          <Link className={buttonClass('quiet', 'small')} href={`/studies/${studyCode}/adjudication`}>
            {t('toRooms')}
          </Link>
        </ErrorState>
      ) : (
        <LoadingState label={shell('loading')} />
      )}
    </main>
  )
}
