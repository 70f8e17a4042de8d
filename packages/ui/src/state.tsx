import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import styles from './state.module.css'

/** Nothing here yet: says what would be here and leads to the next step. */
export function EmptyState({
  title,
  children,
  action,
}: {
  title: ReactNode
  children?: ReactNode
  action?: ReactNode
}) {
  return (
    <div className={styles['state']}>
      <h2>{title}</h2>
      {children !== undefined && <div className={styles['words']}>{children}</div>}
      {action}
    </div>
  )
}

export type ErrorStateProps = {
  title: ReactNode
  children?: ReactNode
  retry?: { label: string; onRetry: () => void; isBusy?: boolean } | undefined
}
/** It did not work: what, why, and a way on. */
export function ErrorState({ title, children, retry }: ErrorStateProps) {
  return (
    <div className={styles['state']} role="alert">
      <h2>{title}</h2>
      {children !== undefined && <div className={styles['words']}>{children}</div>}
      {retry && (
        <Button onClick={retry.onRetry} isBusy={retry.isBusy ?? false}>
          {retry.label}
        </Button>
      )}
    </div>
  )
}

/** Still coming. Bars of the shape of what comes, so that the page does not jump. */
export function LoadingState({ label, lines = 3 }: { label: string; lines?: number }) {
  return (
    <output className={styles['loading']}>
      <span className={styles['spoken']}>{label}</span>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} aria-hidden="true" className={styles['line']} />
      ))}
    </output>
  )
}
