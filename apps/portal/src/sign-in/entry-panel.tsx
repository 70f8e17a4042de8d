import { classNames } from '@facetgrade/ui/class-names'
import type { ReactNode } from 'react'
import { LanguageSwitch } from '../shell/language-switch.tsx'
import styles from './sign-in.module.css'

/** The screens before one is in: one panel in the middle. */
export function EntryPanel({
  title,
  lead,
  isWide = false,
  children,
}: {
  title: ReactNode
  lead?: ReactNode
  isWide?: boolean
  children: ReactNode
}) {
  return (
    <main className={styles['page']}>
      <div className={classNames(styles['panel'], isWide && styles['wide'])}>
        <div className={styles['top']}>
          <span className={styles['brand']}>FacetGrade</span>
          <LanguageSwitch />
        </div>
        <div>
          <h1>{title}</h1>
          {lead !== undefined && <p className={styles['lost']}>{lead}</p>}
        </div>
        {children}
      </div>
    </main>
  )
}
