'use client'
import { Button } from '@facetgrade/ui/button'
import { Card } from '@facetgrade/ui/card'
import { RadioField } from '@facetgrade/ui/field'
import { Stack } from '@facetgrade/ui/stack'
import { ErrorState } from '@facetgrade/ui/state'
import { useToast } from '@facetgrade/ui/toast'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useRefusalText } from '../shell/refusal.ts'
import { useTRPC } from '../shell/trpc.ts'

/** Asks for a bundle: blinded at any time, unblinded once the test part was opened. */
export function NewBundle({ studyCode, isTestOpen }: { studyCode: string; isTestOpen: boolean }) {
  const t = useTranslations('exports')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const toast = useToast()
  const refusalText = useRefusalText()
  const [kind, setKind] = useState(isTestOpen ? 'unblinded' : 'blinded')
  const create = useMutation(
    trpc.exports.createBundle.mutationOptions({
      onSuccess: () => {
        toast(t('bundle.asked'), 'good')
        void queryClient.invalidateQueries(trpc.exports.bundles.pathFilter())
      },
    }),
  )
  return (
    <Card title={t('bundle.title')}>
      <Stack gap="m">
        <p>{t('bundle.lead')}</p>
        <RadioField
          label={t('bundle.which')}
          value={kind}
          onValueChange={setKind}
          options={[
            { value: 'blinded', label: t('bundle.blinded'), hint: t('bundle.blindedHint') },
            {
              value: 'unblinded',
              label: t('bundle.unblinded'),
              hint: isTestOpen ? t('bundle.unblindedHint') : t('bundle.unblindedSealed'),
              disabled: !isTestOpen,
            },
          ]}
        />
        {create.isError && <ErrorState title={t('bundle.title')}>{refusalText(create.error)}</ErrorState>}
        <div>
          <Button
            variant="primary"
            isBusy={create.isPending}
            onClick={() => create.mutate({ studyCode, isBlinded: kind === 'blinded' })}
          >
            {t('bundle.make')}
          </Button>
        </div>
      </Stack>
    </Card>
  )
}
