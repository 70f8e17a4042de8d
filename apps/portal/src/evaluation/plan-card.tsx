'use client'
import { Badge } from '@facetgrade/ui/badge'
import { Banner } from '@facetgrade/ui/banner'
import { Button } from '@facetgrade/ui/button'
import { Card } from '@facetgrade/ui/card'
import { Dialog } from '@facetgrade/ui/dialog'
import { TextAreaField } from '@facetgrade/ui/field'
import { Stack } from '@facetgrade/ui/stack'
import { Table } from '@facetgrade/ui/table'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useFormatter, useTranslations } from 'next-intl'
import { useState } from 'react'
import { Loaded } from '../shell/loaded.tsx'
import { useRefusalText } from '../shell/refusal.ts'
import { type Outputs, useTRPC, useTRPCClient } from '../shell/trpc.ts'

type Plan = Outputs['plan']['list'][number]
const PLAN_ROWS = 18

/** Versions of the analysis plan; each can be locked once, and only a locked one can open the test part. */
export function PlanCard({ studyCode }: { studyCode: string }) {
  const t = useTranslations('evaluation')
  const format = useFormatter()
  const trpc = useTRPC()
  const plans = useQuery(trpc.plan.list.queryOptions({ studyCode }))
  const [isWriting, setIsWriting] = useState(false)
  const [toLock, setToLock] = useState<Plan>()
  return (
    <Card
      title={t('plan')}
      actions={
        <Button size="small" onClick={() => setIsWriting(true)}>
          {t('newPlan')}
        </Button>
      }
    >
      <Loaded query={plans} lines={2}>
        {(rows) =>
          rows.length === 0 ? (
            <p>{t('noPlan')}</p>
          ) : (
            <Table
              caption={t('plan')}
              isCaptionHidden
              rows={rows}
              rowKey={({ planId }) => planId}
              columns={[
                { id: 'version', header: t('version'), isRowHeader: true, cell: (row) => row.version },
                {
                  id: 'at',
                  header: t('createdAt'),
                  cell: (row) => format.dateTime(new Date(row.createdAt), { dateStyle: 'medium', timeStyle: 'short' }),
                },
                { id: 'hash', header: t('hash'), cell: (row) => <code title={row.hash}>{row.hash.slice(0, 12)}</code> },
                {
                  id: 'lock',
                  header: t('state'),
                  cell: (row) =>
                    row.lock ? (
                      <Badge tone={row.lock.isAfterUnsealing ? 'warning' : 'good'}>
                        {t(row.lock.isAfterUnsealing ? 'lockedAfter' : 'locked', {
                          at: format.dateTime(new Date(row.lock.lockedAt), { dateStyle: 'medium', timeStyle: 'short' }),
                        })}
                      </Badge>
                    ) : (
                      <Button size="small" onClick={() => setToLock(row)}>
                        {t('lock')}
                      </Button>
                    ),
                },
              ]}
            />
          )
        }
      </Loaded>
      {isWriting && <NewPlanDialog studyCode={studyCode} onClose={() => setIsWriting(false)} />}
      {toLock && <LockDialog studyCode={studyCode} plan={toLock} onClose={() => setToLock(undefined)} />}
    </Card>
  )
}

function LockDialog({ studyCode, plan, onClose }: { studyCode: string; plan: Plan; onClose: () => void }) {
  const t = useTranslations('evaluation')
  const shell = useTranslations('shell')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const refusalText = useRefusalText()
  const lock = useMutation(
    trpc.plan.lock.mutationOptions({
      onSuccess: async () => {
        onClose()
        await queryClient.invalidateQueries(trpc.plan.pathFilter())
      },
    }),
  )
  return (
    <Dialog
      isOpen
      onOpenChange={(open) => !open && onClose()}
      title={t('lockTitle', { version: plan.version })}
      description={t('lockLead')}
      closeLabel={shell('close')}
      footer={
        <>
          <Button onClick={onClose}>{shell('cancel')}</Button>
          <Button
            variant="primary"
            isBusy={lock.isPending}
            onClick={() => lock.mutate({ studyCode, planId: plan.planId })}
          >
            {t('lock')}
          </Button>
        </>
      }
    >
      {lock.isError && <Banner tone="danger">{refusalText(lock.error)}</Banner>}
    </Dialog>
  )
}

/** Begins with the plan that ships; what is changed is checked by the server against format and protocol. */
function NewPlanDialog({ studyCode, onClose }: { studyCode: string; onClose: () => void }) {
  const t = useTranslations('evaluation')
  const shell = useTranslations('shell')
  const trpc = useTRPC()
  const client = useTRPCClient()
  const queryClient = useQueryClient()
  const refusalText = useRefusalText()
  const shipped = useQuery({ ...trpc.plan.default.queryOptions({ studyCode }), staleTime: Number.POSITIVE_INFINITY })
  const [text, setText] = useState<string>()
  const shown = text ?? (shipped.data ? JSON.stringify(shipped.data, null, 2) : '')
  const document = parsed(shown)
  const create = useMutation({
    mutationFn: (json: unknown) => client.plan.create.mutate({ studyCode, document: json }),
    onSuccess: async () => {
      onClose()
      await queryClient.invalidateQueries(trpc.plan.pathFilter())
    },
  })
  return (
    <Dialog
      isOpen
      onOpenChange={(open) => !open && onClose()}
      title={t('newPlan')}
      description={t('newPlanLead')}
      closeLabel={shell('close')}
      width="wide"
      footer={
        <>
          <Button onClick={onClose}>{shell('cancel')}</Button>
          <Button
            variant="primary"
            isBusy={create.isPending}
            disabled={document === undefined}
            onClick={() => create.mutate(document)}
          >
            {t('createPlan')}
          </Button>
        </>
      }
    >
      <Loaded query={shipped} lines={4}>
        {() => (
          <Stack gap="m">
            <TextAreaField
              label={t('planDocument')}
              hint={t('planHint')}
              error={document === undefined ? t('notJson') : undefined}
              rows={PLAN_ROWS}
              spellCheck={false}
              value={shown}
              onChange={(event) => setText(event.target.value)}
            />
            {create.isError && <Banner tone="danger">{refusalText(create.error)}</Banner>}
          </Stack>
        )}
      </Loaded>
    </Dialog>
  )
}

/** What the person is typing is not JSON most of the time: that is shown at the field, not thrown. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
