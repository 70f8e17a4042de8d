'use client'
import { Banner } from '@facetgrade/ui/banner'
import { Button } from '@facetgrade/ui/button'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useFormatter, useTranslations } from 'next-intl'
import { useMe } from '../shell/session-gate.tsx'
import { useTRPC } from '../shell/trpc.ts'

/** What happened to one's account while one was away; stays until acknowledged. */
export function Notices() {
  const t = useTranslations('account')
  const format = useFormatter()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const me = useMe()
  const see = useMutation(
    trpc.people.seeNotice.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.people.me.pathFilter()),
    }),
  )
  return me.notices.map((notice) => (
    <Banner
      key={notice.id}
      tone="warning"
      action={
        <Button isBusy={see.isPending} onClick={() => see.mutate({ noticeId: notice.id })}>
          {t('noticeSeen')}
        </Button>
      }
    >
      {t(notice.code === 'SECOND_FACTOR_RESET' ? 'noticeSecondFactorReset' : 'noticeOther', {
        date: format.dateTime(new Date(notice.createdAt), { dateStyle: 'long', timeStyle: 'short' }),
      })}
    </Banner>
  ))
}
