'use client'
import { createContext, type ReactNode, useCallback, useContext, useState } from 'react'
import { classNames } from './class-names.tsx'
import styles from './toast.module.css'

export type ToastTone = 'neutral' | 'good' | 'danger'
type ToastMessage = { id: number; text: string; tone: ToastTone }
type ShowToast = (text: string, tone?: ToastTone) => void

const ToastContext = createContext<ShowToast>(() => {
  throw new Error('useToast: no ToastProvider above')
})
const SHOWN_MS = 6000

/** Short news of what just happened. Announced politely; bad news stays until closed. */
export function ToastProvider({ children, closeLabel }: { children: ReactNode; closeLabel: string }) {
  const [messages, setMessages] = useState<readonly ToastMessage[]>([])
  const close = useCallback((id: number) => setMessages((shown) => shown.filter((message) => message.id !== id)), [])
  const show = useCallback<ShowToast>(
    (text, tone = 'neutral') => {
      const id = performance.now() + Math.random()
      setMessages((shown) => [...shown.slice(-3), { id, text, tone }])
      if (tone !== 'danger') window.setTimeout(() => close(id), SHOWN_MS)
    },
    [close],
  )
  return (
    <ToastContext value={show}>
      {children}
      <output className={styles['region']}>
        {messages.map((message) => (
          <div key={message.id} className={classNames(styles['toast'], styles[message.tone])}>
            <span>{message.text}</span>
            <button type="button" className={styles['close']} aria-label={closeLabel} onClick={() => close(message.id)}>
              <span aria-hidden="true">×</span>
            </button>
          </div>
        ))}
      </output>
    </ToastContext>
  )
}

export const useToast = (): ShowToast => useContext(ToastContext)
