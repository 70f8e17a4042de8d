'use client'
import { Tabs as RadixTabs } from 'radix-ui'
import type { ReactNode } from 'react'
import styles from './tabs.module.css'

export type TabsProps = {
  /** What the tabs choose between, read aloud. */
  label: string
  tabs: readonly { id: string; label: ReactNode; content: ReactNode }[]
  value?: string
  onValueChange?: (id: string) => void
}

export function Tabs({ label, tabs, value, onValueChange }: TabsProps) {
  const first = tabs[0]?.id
  return (
    <RadixTabs.Root
      {...(value === undefined ? (first === undefined ? {} : { defaultValue: first }) : { value })}
      {...(onValueChange === undefined ? {} : { onValueChange })}
    >
      <RadixTabs.List className={styles['list']} aria-label={label}>
        {tabs.map((tab) => (
          <RadixTabs.Trigger key={tab.id} value={tab.id} className={styles['tab']}>
            {tab.label}
          </RadixTabs.Trigger>
        ))}
      </RadixTabs.List>
      {tabs.map((tab) => (
        <RadixTabs.Content key={tab.id} value={tab.id} className={styles['content']}>
          {tab.content}
        </RadixTabs.Content>
      ))}
    </RadixTabs.Root>
  )
}
