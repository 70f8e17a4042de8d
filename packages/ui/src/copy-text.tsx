'use client'
import { useState } from 'react'
import { Button } from './button.tsx'
import styles from './copy-text.module.css'

/** A text to hand on (a link, a code), selectable as a whole and copied by a button. */
export function CopyText({
  label,
  text,
  words,
}: {
  label: string
  text: string
  words: { copy: string; copied: string; failed: string }
}) {
  const [state, setState] = useState<'copy' | 'copied' | 'failed'>('copy')
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setState('copied'),
      () => setState('failed'), // no permission, or no clipboard: the text stays selectable
    )
  return (
    <div className={styles['copy']}>
      <input
        readOnly
        aria-label={label}
        className={styles['text']}
        value={text}
        onFocus={(event) => event.target.select()}
      />
      <Button onClick={() => void copy()}>{words[state]}</Button>
    </div>
  )
}
