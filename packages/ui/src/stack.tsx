import type { ReactNode } from 'react'
import { classNames } from './class-names.tsx'
import styles from './stack.module.css'

export type Gap = 's' | 'm' | 'l'

/** Things under one another. */
export function Stack({ gap = 'm', children }: { gap?: Gap; children: ReactNode }) {
  return <div className={classNames(styles['stack'], styles[gap])}>{children}</div>
}

/** Things beside one another, wrapping where the room ends. */
export function Row({
  gap = 's',
  align = 'center',
  children,
}: {
  gap?: Gap
  align?: 'center' | 'end' | 'start'
  children: ReactNode
}) {
  return <div className={classNames(styles['row'], styles[gap], styles[align])}>{children}</div>
}

/** Cards of equal width, as many in a row as fit at `minimumRem` each. */
export function Grid({ minimumRem = 20, children }: { minimumRem?: number; children: ReactNode }) {
  return (
    <div
      className={styles['grid']}
      style={{ gridTemplateColumns: `repeat(auto-fill, minmax(min(100%, ${minimumRem}rem), 1fr))` }}
    >
      {children}
    </div>
  )
}
