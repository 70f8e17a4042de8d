'use client'
import { NOT_ASSESSABLE_CODES, type NotAssessableReason } from '@facetgrade/grading/cell'
import { Button } from '@facetgrade/ui/button'
import { Dialog } from '@facetgrade/ui/dialog'
import { TextField } from '@facetgrade/ui/field'
import { useTranslations } from 'next-intl'
import { type FormEvent, type KeyboardEvent, useState } from 'react'
import styles from './definition-panel.module.css'

const LONGEST = 200

/** Why a cell cannot be graded; one key for each reason, and words for another one. */
export function NotAssessableDialog({
  isOpen,
  cellName,
  onClose,
  onReason,
}: {
  isOpen: boolean
  cellName: string
  onClose: () => void
  onReason: (reason: NotAssessableReason) => void
}) {
  const t = useTranslations('reading')
  const shell = useTranslations('shell')
  const [isOther, setIsOther] = useState(false)
  const [text, setText] = useState('')
  const close = () => {
    setIsOther(false)
    setText('')
    onClose()
  }
  const choose = (code: (typeof NOT_ASSESSABLE_CODES)[number]) => {
    if (code === 'other') return setIsOther(true)
    onReason({ code })
    close()
  }
  const keys = (event: KeyboardEvent) => {
    const code = isOther ? undefined : NOT_ASSESSABLE_CODES[Number(event.key) - 1]
    if (!code) return
    event.preventDefault()
    choose(code)
  }
  const sendOther = (event: FormEvent) => {
    event.preventDefault()
    if (text.trim() === '') return
    onReason({ code: 'other', text: text.trim() })
    close()
  }
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={(open) => !open && close()}
      title={t('notAssessable')}
      description={cellName}
      closeLabel={shell('cancel')}
    >
      {isOther ? (
        <form onSubmit={sendOther}>
          <TextField
            label={t('reasonText')}
            value={text}
            maxLength={LONGEST}
            onChange={(event) => setText(event.target.value)}
          />
          <p>
            <Button variant="primary" type="submit" disabled={text.trim() === ''}>
              {t('record')}
            </Button>
          </p>
        </form>
      ) : (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the keys 1 to 5 press the buttons inside
        <ol className={styles['scale']} onKeyDown={keys}>
          {NOT_ASSESSABLE_CODES.map((code, index) => (
            <li key={code}>
              <button type="button" className={styles['grade']} onClick={() => choose(code)}>
                <kbd className={styles['key']}>{index + 1}</kbd>
                <span>{t(`reason.${code}`)}</span>
              </button>
            </li>
          ))}
        </ol>
      )}
    </Dialog>
  )
}
