'use client'
import { Dialog as RadixDialog } from 'radix-ui'
import type { ReactNode } from 'react'
import { classNames } from './class-names.tsx'
import styles from './dialog.module.css'
import { useThemeName } from './theme.tsx'

export type DialogProps = {
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
  title: ReactNode
  description?: ReactNode
  children?: ReactNode
  /** Buttons, the main one last. */
  footer?: ReactNode
  /** Name of the cross; absent: the dialog has none and Escape does nothing (an answer is needed). */
  closeLabel?: string
  width?: 'normal' | 'wide'
}

export function Dialog({
  isOpen,
  onOpenChange,
  title,
  description,
  children,
  footer,
  closeLabel,
  width = 'normal',
}: DialogProps) {
  const theme = useThemeName()
  const stay = (event: Event) => {
    if (closeLabel === undefined) event.preventDefault()
  }
  return (
    <RadixDialog.Root open={isOpen} onOpenChange={onOpenChange}>
      <RadixDialog.Portal>
        <div data-theme={theme}>
          <RadixDialog.Overlay className={styles['scrim']} />
          <RadixDialog.Content
            className={classNames(styles['dialog'], width === 'wide' && styles['wide'])}
            onEscapeKeyDown={stay}
            onInteractOutside={(event) => event.preventDefault()}
            {...(description === undefined ? { 'aria-describedby': undefined } : {})}
          >
            <RadixDialog.Title className={styles['title']}>{title}</RadixDialog.Title>
            {description !== undefined && (
              <RadixDialog.Description className={styles['description']}>{description}</RadixDialog.Description>
            )}
            <div className={styles['body']}>{children}</div>
            {footer !== undefined && <div className={styles['footer']}>{footer}</div>}
            {closeLabel !== undefined && (
              <RadixDialog.Close className={styles['close']} aria-label={closeLabel}>
                <span aria-hidden="true">×</span>
              </RadixDialog.Close>
            )}
          </RadixDialog.Content>
        </div>
      </RadixDialog.Portal>
    </RadixDialog.Root>
  )
}
