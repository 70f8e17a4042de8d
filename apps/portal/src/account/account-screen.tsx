'use client'
import { Button } from '@facetgrade/ui/button'
import { Card } from '@facetgrade/ui/card'
import { DefinitionList } from '@facetgrade/ui/definition-list'
import { PageHeader } from '@facetgrade/ui/page-header'
import { useMutation } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { Header } from '../shell/header.tsx'
import { OfficeMain } from '../shell/office-frame.tsx'
import { useMe } from '../shell/session-gate.tsx'
import { useTRPC } from '../shell/trpc.ts'
import styles from './account.module.css'
import { CodesCard } from './codes-card.tsx'
import { Notices } from './notices.tsx'
import { PasskeysCard } from './passkeys-card.tsx'
import { PasswordCard } from './password-card.tsx'
import { PinCard } from './pin-card.tsx'
import { TokensCard } from './tokens-card.tsx'

/** How one signs in and signs, and what acts in one's name. */
export function AccountScreen() {
  const t = useTranslations('account')
  const invitation = useTranslations('invitation')
  const me = useMe()
  return (
    <>
      <Header />
      <OfficeMain>
        <Notices />
        <PageHeader title={t('title')} />
        <Card>
          <DefinitionList
            items={[
              { id: 'name', name: invitation('name'), value: me.name },
              { id: 'email', name: invitation('email'), value: me.email },
            ]}
          />
        </Card>
        <PasskeysCard />
        <CodesCard />
        <PinCard />
        <PasswordCard />
        <TokensCard />
        <EverywhereCard />
      </OfficeMain>
    </>
  )
}

function EverywhereCard() {
  const t = useTranslations('account')
  const signOut = useMutation(
    useTRPC().people.signOutEverywhere.mutationOptions({ onSuccess: () => window.location.assign('/sign-in') }),
  )
  return (
    <Card title={t('everywhere')}>
      <p className={styles['note']}>{t('everywhereText')}</p>
      <div>
        <Button variant="danger" isBusy={signOut.isPending} onClick={() => signOut.mutate()}>
          {t('signOutEverywhere')}
        </Button>
      </div>
    </Card>
  )
}
