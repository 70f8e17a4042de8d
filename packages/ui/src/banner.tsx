import type { ReactNode } from 'react'
import styles from './banner.module.css'
import { classNames } from './class-names.tsx'

export type BannerTone = 'neutral' | 'good' | 'warning' | 'danger'

/** A standing remark on the whole screen. */
export function Banner({
  tone = 'neutral',
  children,
  action,
}: {
  tone?: BannerTone
  children: ReactNode
  action?: ReactNode
}) {
  return (
    <div className={classNames(styles['banner'], styles[tone])}>
      <div>{children}</div>
      {action !== undefined && <div className={styles['action']}>{action}</div>}
    </div>
  )
}
