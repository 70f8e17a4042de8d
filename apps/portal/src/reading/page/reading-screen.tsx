'use client'
import type { Protocol } from '@facetgrade/grading/protocol'
import { buttonClass } from '@facetgrade/ui/button'
import { ErrorState, LoadingState } from '@facetgrade/ui/state'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { refusalOf, useRefusalText } from '../../shell/refusal.ts'
import { useTRPC, useTRPCClient } from '../../shell/trpc.ts'
import styles from './case-page.module.css'
import { CasePage } from './case-page.tsx'

/** Opens the case of this address and shows it, or says in one sentence why not. */
export function ReadingScreen({ studyCode, assignmentId }: { studyCode: string; assignmentId: string }) {
  const t = useTranslations('reading')
  const shell = useTranslations('shell')
  const client = useTRPCClient()
  const trpc = useTRPC()
  const refusalText = useRefusalText()
  const opened = useQuery({
    queryKey: ['case', studyCode, assignmentId],
    queryFn: async () => {
      const at = { studyCode, assignmentId }
      const shown = await client.cases.open.mutate(at)
      return { shown, reading: await client.readings.show.query(at) }
    },
    // An open case is not fetched anew behind the reader's back: what stands is in the session.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: (count, error) => refusalOf(error) === undefined && count < 3,
  })
  const version = opened.data?.shown.protocolVersion
  const protocol = useQuery({
    ...trpc.protocol.show.queryOptions({ studyCode, ...(version === undefined ? {} : { version }) }),
    enabled: version !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const worklist = `/studies/${studyCode}/reading`
  if (opened.data && protocol.data) {
    return (
      <CasePage
        key={assignmentId}
        studyCode={studyCode}
        shown={opened.data.shown}
        reading={opened.data.reading}
        protocol={protocol.data.protocol as Protocol}
        onChanged={() => void opened.refetch()}
      />
    )
  }
  const error = opened.error ?? protocol.error
  return (
    <main id="main" className={styles['alone']}>
      {error ? (
        <ErrorState
          title={shell('cannotLoad')}
          retry={{ label: shell('retry'), onRetry: () => void opened.refetch(), isBusy: opened.isFetching }}
        >
          {refusalText(error)}{' '}
          <Link className={buttonClass('quiet', 'small')} href={worklist}>
            {t('toWorklist')}
          </Link>
        </ErrorState>
      ) : (
        <LoadingState label={t('opening')} />
      )}
    </main>
  )
}
