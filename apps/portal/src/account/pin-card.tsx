'use client'
import { Card } from '@facetgrade/ui/card'
import { useToast } from '@facetgrade/ui/toast'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useMe } from '../shell/session-gate.tsx'
import { useTRPCClient } from '../shell/trpc.ts'
import styles from './account.module.css'
import { PinForm } from './pin-form.tsx'
import { type StrongProof, StrongProofDialog } from './proof-dialog.tsx'
import { useRefreshMe } from './use-refresh-me.ts'

/** The PIN under thousands of signatures. */
export function PinCard() {
  const t = useTranslations('account')
  const toast = useToast()
  const client = useTRPCClient()
  const refreshMe = useRefreshMe()
  const { hasPin } = useMe().factors
  const [wanted, setWanted] = useState<string>()
  const [round, setRound] = useState(0)

  const set = async (proof: StrongProof) => {
    if (wanted === undefined) return
    await client.people.setPin.mutate({ pin: wanted, proof })
    setRound(round + 1)
    toast(t('pinDone'), 'good')
    await refreshMe()
  }
  return (
    <Card title={t('pin')}>
      <p className={styles['note']}>
        {t('pinText')} {hasPin ? t('pinSet') : t('pinNone')}
      </p>
      <PinForm key={round} confirmLabel={t('changePin')} isBusy={false} onPin={setWanted} />
      <StrongProofDialog
        isOpen={wanted !== undefined}
        onOpenChange={(isOpen) => !isOpen && setWanted(undefined)}
        title={t('proveTitle')}
        description={t('proveText')}
        confirmLabel={t('confirm')}
        onProof={set}
      />
    </Card>
  )
}
