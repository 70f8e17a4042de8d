'use client'
import { Button } from '@facetgrade/ui/button'
import { CheckboxField } from '@facetgrade/ui/field'
import { PageHeader } from '@facetgrade/ui/page-header'
import { Stack } from '@facetgrade/ui/stack'
import { EmptyState, ErrorState, LoadingState } from '@facetgrade/ui/state'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useRefusalText } from '../../shell/refusal.ts'
import { useTRPC, useTRPCClient } from '../../shell/trpc.ts'
import { XraySideForm } from './xray-side-form.tsx'

/** The coordinator confirms view and side of every X-ray image, once, against the marker in the picture. */
export function XraySides({ studyCode }: { studyCode: string }) {
  const t = useTranslations('xraySides')
  const shell = useTranslations('shell')
  const client = useTRPCClient()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const refusalText = useRefusalText()
  const [isOpenOnly, setIsOpenOnly] = useState(true)
  const list = useInfiniteQuery({
    queryKey: [...trpc.xraySides.pathKey(), 'list', studyCode, isOpenOnly],
    queryFn: ({ pageParam }) =>
      client.xraySides.list.query({
        studyCode,
        open: isOpenOnly,
        limit: 10,
        ...(pageParam === null ? {} : { after: pageParam }),
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  })
  const rows = list.data?.pages.flatMap((page) => page.rows) ?? []
  const counts = list.data?.pages.at(-1)?.counts
  return (
    <>
      <PageHeader title={t('title')} lead={t('lead')} />
      {list.isError ? (
        <ErrorState
          title={shell('cannotLoad')}
          retry={{ label: shell('retry'), onRetry: () => void list.refetch(), isBusy: list.isFetching }}
        >
          {refusalText(list.error)}
        </ErrorState>
      ) : !counts ? (
        <LoadingState label={shell('loading')} />
      ) : (
        <Stack gap="m">
          <p data-testid="xray-counts">{t('counts', { images: counts.images, open: counts.open })}</p>
          <CheckboxField
            label={t('openOnly')}
            checked={isOpenOnly}
            onChange={(event) => setIsOpenOnly(event.target.checked)}
          />
          {rows.length === 0 && <EmptyState title={t('noneTitle')}>{t('noneText')}</EmptyState>}
          {rows.map((image) => (
            <XraySideForm
              key={image.instanceId}
              studyCode={studyCode}
              image={image}
              onConfirm={async (side) => {
                await client.xraySides.confirm.mutate({ studyCode, instanceId: image.instanceId, side })
                await queryClient.invalidateQueries(trpc.xraySides.pathFilter())
              }}
            />
          ))}
          {list.hasNextPage && (
            <Button isBusy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              {shell('more')}
            </Button>
          )}
        </Stack>
      )}
    </>
  )
}
