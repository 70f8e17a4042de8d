'use client'
import { Theme } from '@facetgrade/ui/theme'
import type { ReactNode } from 'react'
import styles from './office-frame.module.css'
import { SessionGate } from './session-gate.tsx'

/** The light theme of office work, for a signed-in person. */
export function OfficeFrame({ children }: { children: ReactNode }) {
  return (
    <Theme name="office" className={styles['frame'] ?? ''}>
      <SessionGate>{children}</SessionGate>
    </Theme>
  )
}

/** The readable middle of a screen outside any study. */
export function OfficeMain({ children }: { children: ReactNode }) {
  return (
    <main id="main" tabIndex={-1} className={styles['main']}>
      {children}
    </main>
  )
}
