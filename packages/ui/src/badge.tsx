import type { ReactNode } from 'react'
import styles from './badge.module.css'
import { classNames } from './class-names.tsx'

export type BadgeTone = 'neutral' | 'accent' | 'good' | 'warning' | 'danger'
const SHAPES: Record<BadgeTone, string> = { neutral: '○', accent: '◆', good: '✓', warning: '△', danger: '✕' }

/** A state in a word. The shape says the tone again for people who do not see the colour. */
export function Badge({ tone = 'neutral', children }: { tone?: BadgeTone; children: ReactNode }) {
  return (
    <span className={classNames(styles['badge'], styles[tone])}>
      <span aria-hidden="true" className={styles['shape']}>
        {SHAPES[tone]}
      </span>
      {children}
    </span>
  )
}
