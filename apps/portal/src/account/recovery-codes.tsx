'use client'
import { Button } from '@facetgrade/ui/button'
import { CheckboxField } from '@facetgrade/ui/field'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import styles from './account.module.css'

/** Shown once. Going on needs the person's word that they are kept. */
export function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const t = useTranslations('account')
  const [areKept, setAreKept] = useState(false)
  const save = () => {
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob([`${codes.join('\n')}\n`], { type: 'text/plain' }))
    link.download = 'facetgrade-recovery-codes.txt'
    link.click()
    URL.revokeObjectURL(link.href)
  }
  return (
    <div className={styles['form']}>
      <h2>{t('recoveryCodes')}</h2>
      <p className={styles['note']}>{t('recoveryCodesText')}</p>
      <ul className={styles['codes']}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <Button onClick={save}>{t('recoverySave')}</Button>
      <CheckboxField
        label={t('recoveryKept')}
        checked={areKept}
        onChange={(event) => setAreKept(event.target.checked)}
      />
      <Button variant="primary" disabled={!areKept} onClick={onDone}>
        {t('goOn')}
      </Button>
    </div>
  )
}
