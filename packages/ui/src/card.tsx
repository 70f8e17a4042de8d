import type { ReactNode } from 'react'
import styles from './card.module.css'

export type CardProps = { title?: ReactNode; actions?: ReactNode; children: ReactNode }

/** A titled section of a screen. */
export function Card({ title, actions, children }: CardProps) {
  return (
    <section className={styles['card']}>
      {(title !== undefined || actions !== undefined) && (
        <header className={styles['head']}>
          {title !== undefined && <h2>{title}</h2>}
          {actions !== undefined && <div className={styles['actions']}>{actions}</div>}
        </header>
      )}
      {children}
    </section>
  )
}
