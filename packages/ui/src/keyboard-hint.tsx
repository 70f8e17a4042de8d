import type { ReactNode } from 'react'
import styles from './keyboard-hint.module.css'

/** Keys and what they do. */
export function KeyboardHint({ keys, children }: { keys: readonly string[]; children?: ReactNode }) {
  return (
    <span className={styles['hint']}>
      {keys.map((key) => (
        <kbd key={key} className={styles['key']}>
          {key}
        </kbd>
      ))}
      {children !== undefined && <span>{children}</span>}
    </span>
  )
}
