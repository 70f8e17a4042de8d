'use client'
import { Theme } from '@facetgrade/ui/theme'
import type { ReactNode } from 'react'
import styles from './office-frame.module.css'
import { OfficeMain } from './office-frame.tsx'
import { SessionGate } from './session-gate.tsx'
import { StudyFrame } from './study-frame.tsx'

/** The dark theme around images: no navigation, the whole window belongs to the screen. */
export function ReadingFrame({ studyCode, children }: { studyCode: string; children: ReactNode }) {
  return (
    <Theme name="reading" className={styles['frame'] ?? ''}>
      <SessionGate>
        <StudyFrame studyCode={studyCode} outside={(state) => <OfficeMain>{state}</OfficeMain>}>
          {children}
        </StudyFrame>
      </SessionGate>
    </Theme>
  )
}
