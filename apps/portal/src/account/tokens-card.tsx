'use client'
import { Badge } from '@facetgrade/ui/badge'
import { Banner } from '@facetgrade/ui/banner'
import { Button } from '@facetgrade/ui/button'
import { Card } from '@facetgrade/ui/card'
import { CopyText } from '@facetgrade/ui/copy-text'
import { TextField } from '@facetgrade/ui/field'
import { Stack } from '@facetgrade/ui/stack'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useFormatter, useNow, useTranslations } from 'next-intl'
import { useState } from 'react'
import { Loaded } from '../shell/loaded.tsx'
import { type Outputs, useTRPC, useTRPCClient } from '../shell/trpc.ts'
import styles from './account.module.css'
import { type Proof, ProofDialog } from './proof-dialog.tsx'

const DEFAULT_DAYS = 90
const MAX_DAYS = 365

/** Tokens with which the command line acts as this person. */
export function TokensCard() {
  const t = useTranslations('account')
  const shell = useTranslations('shell')
  const trpc = useTRPC()
  const client = useTRPCClient()
  const queryClient = useQueryClient()
  const tokens = useQuery(trpc.people.tokens.queryOptions())
  const [name, setName] = useState('')
  const [days, setDays] = useState(String(DEFAULT_DAYS))
  const [isProving, setIsProving] = useState(false)
  const [created, setCreated] = useState<string>()
  const refresh = () => queryClient.invalidateQueries(trpc.people.tokens.pathFilter())

  const create = async (proof: Proof) => {
    setCreated((await client.people.createToken.mutate({ name, days: Number(days), proof })).token)
    setName('')
    await refresh()
  }
  return (
    <Card title={t('tokens')}>
      <p className={styles['note']}>{t('tokensText')}</p>
      {created !== undefined && (
        <Banner tone="good">
          <Stack gap="s">
            <p>{t('tokenOnce')}</p>
            <CopyText
              label={t('tokenValue')}
              text={created}
              words={{ copy: shell('copy'), copied: shell('copied'), failed: shell('copyFailed') }}
            />
          </Stack>
        </Banner>
      )}
      <Loaded query={tokens}>
        {(rows) =>
          rows.length === 0 ? (
            <p>{t('tokensNone')}</p>
          ) : (
            <ul className={styles['list']}>
              {rows.map((token) => (
                <TokenLine key={token.id} token={token} onRevoked={refresh} />
              ))}
            </ul>
          )
        }
      </Loaded>
      <form
        className={styles['form']}
        onSubmit={(event) => {
          event.preventDefault()
          setIsProving(true)
        }}
      >
        <TextField
          label={t('tokenName')}
          hint={t('tokenNameHint')}
          required
          maxLength={60}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <TextField
          label={t('tokenDays')}
          type="number"
          min={1}
          max={MAX_DAYS}
          required
          value={days}
          onChange={(event) => setDays(event.target.value)}
        />
        <div>
          <Button type="submit">{t('createToken')}</Button>
        </div>
      </form>
      <ProofDialog
        isOpen={isProving}
        onOpenChange={setIsProving}
        title={t('proveTitle')}
        confirmLabel={t('createToken')}
        onProof={create}
      />
    </Card>
  )
}

function TokenLine({
  token,
  onRevoked,
}: {
  token: Outputs['people']['tokens'][number]
  onRevoked: () => Promise<void>
}) {
  const t = useTranslations('account')
  const format = useFormatter()
  const now = useNow()
  const revoke = useMutation(useTRPC().people.revokeToken.mutationOptions({ onSuccess: onRevoked }))
  const isOver = new Date(token.expiresAt) < now
  return (
    <li>
      <span>
        {token.name}
        <span className={styles['note']}>
          {' '}
          · {t('tokenUntil', { date: format.dateTime(new Date(token.expiresAt), { dateStyle: 'medium' }) })}
        </span>
      </span>
      {token.revokedAt !== null || isOver ? (
        <Badge>{token.revokedAt === null ? t('tokenExpired') : t('tokenRevoked')}</Badge>
      ) : (
        <Button
          size="small"
          isBusy={revoke.isPending}
          aria-label={t('revokeTokenNamed', { name: token.name })}
          onClick={() => revoke.mutate({ tokenId: token.id })}
        >
          {t('revokeToken')}
        </Button>
      )}
    </li>
  )
}
