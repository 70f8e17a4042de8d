'use client'
import { buttonClass } from '@facetgrade/ui/button'
import { classNames } from '@facetgrade/ui/class-names'
import { TextAreaField } from '@facetgrade/ui/field'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import styles from './protocol.module.css'

export type ReadDocument = { ok: true; json: unknown } | { ok: false }

/** A protocol as JSON, from a file or pasted. What it says is judged by the server. */
export function DocumentField({
  onDocument,
  initial = '',
}: {
  onDocument: (document: ReadDocument | undefined) => void
  initial?: string
}) {
  const t = useTranslations('protocol')
  const [text, setText] = useState(initial)
  const [isBroken, setIsBroken] = useState(false)
  const read = (next: string) => {
    setText(next)
    const document = next.trim() === '' ? undefined : readJson(next)
    setIsBroken(document?.ok === false)
    onDocument(document)
  }
  return (
    <div className={styles['document']}>
      <label className={classNames(buttonClass(), styles['file'])}>
        {t('file')}
        <input
          type="file"
          accept="application/json,.json"
          onChange={(event) => void event.target.files?.[0]?.text().then(read)}
        />
      </label>
      <TextAreaField
        label={t('pasted')}
        rows={14}
        spellCheck={false}
        className={styles['json'] ?? ''}
        value={text}
        error={isBroken ? t('notJson') : undefined}
        onChange={(event) => read(event.target.value)}
      />
    </div>
  )
}

function readJson(text: string): ReadDocument {
  try {
    return { ok: true, json: JSON.parse(text) }
  } catch {
    return { ok: false } // said beside the field
  }
}
