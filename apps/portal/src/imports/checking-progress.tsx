'use client'
import { Banner } from '@facetgrade/ui/banner'
import { buttonClass } from '@facetgrade/ui/button'
import { ProgressBar } from '@facetgrade/ui/progress-bar'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useEffect } from 'react'
import { Loaded } from '../shell/loaded.tsx'
import { type Outputs, useTRPC } from '../shell/trpc.ts'

const POLL_MS = 1000
type Shown = Outputs['imports']['show']

export const outcomeSums = (counts: Shown['counts']) => {
  const sums = { accepted: 0, duplicate: 0, held: 0, quarantined: 0, rejected: 0 }
  for (const { outcome, files } of counts) sums[outcome] += files
  return sums
}

/** The server's own check of what arrived, until every file has its line. */
export function CheckingProgress({
  studyCode,
  importId,
  isLinked = true,
}: {
  studyCode: string
  importId: string
  /** Offers the way to the ledger. */
  isLinked?: boolean
}) {
  const t = useTranslations('imports')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const isOver = (shown: Shown | undefined) => shown?.state === 'done' || shown?.state === 'cancelled'
  const query = useQuery(
    trpc.imports.show.queryOptions(
      { studyCode, importId },
      { refetchInterval: ({ state }) => (isOver(state.data) ? false : POLL_MS) },
    ),
  )
  const isDone = isOver(query.data)
  useEffect(() => {
    if (!isDone) return
    void queryClient.invalidateQueries(trpc.imports.list.pathFilter())
    void queryClient.invalidateQueries(trpc.imports.settings.pathFilter())
    void queryClient.invalidateQueries(trpc.patients.pathFilter())
  }, [isDone, queryClient, trpc])
  return (
    <Loaded query={query} lines={2}>
      {(shown) =>
        isOver(shown) ? (
          <Banner
            tone="good"
            action={
              isLinked && (
                <Link className={buttonClass('secondary', 'small')} href={`/studies/${studyCode}/imports/${importId}`}>
                  {t('ledger')}
                </Link>
              )
            }
          >
            {t('done', { received: shown.fileCount, ...outcomeSums(shown.counts) })}
          </Banner>
        ) : (
          <ProgressBar
            label={t('checking')}
            value={shown.answered}
            max={shown.fileCount}
            detail={t('checked', { files: shown.answered, total: shown.fileCount })}
          />
        )
      }
    </Loaded>
  )
}
