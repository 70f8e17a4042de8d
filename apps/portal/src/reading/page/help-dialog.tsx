'use client'
import { Dialog } from '@facetgrade/ui/dialog'
import { KeyboardHint } from '@facetgrade/ui/keyboard-hint'
import { useTranslations } from 'next-intl'
import styles from './case-page.module.css'

const KEYS = [
  ['grade', ['0', '1', '2', '3']],
  ['notAssessable', ['N']],
  ['move', ['←', '→', '↑', '↓']],
  ['undo', ['U']],
  ['scroll', ['PgUp', 'PgDn']],
  ['viewport', ['V']],
  ['window', ['W']],
  ['invert', ['I']],
  ['reset', ['Z']],
  ['help', ['?']],
] as const

export function HelpDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const t = useTranslations('reading')
  const shell = useTranslations('shell')
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      title={t('helpTitle')}
      closeLabel={shell('close')}
    >
      <dl className={styles['keys']}>
        {KEYS.map(([act, keys]) => (
          <div key={act} style={{ display: 'contents' }}>
            <dt>
              <KeyboardHint keys={keys} />
            </dt>
            <dd>{t(`keys.${act}`)}</dd>
          </div>
        ))}
      </dl>
      <p>{t('mouseHelp')}</p>
    </Dialog>
  )
}
