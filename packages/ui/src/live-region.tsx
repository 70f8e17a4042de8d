import styles from './live-region.module.css'

/** Spoken, not shown: for changes that sighted people see without words. */
export function LiveRegion({ text, isUrgent = false }: { text: string; isUrgent?: boolean }) {
  return (
    <div className={styles['hidden']} role={isUrgent ? 'alert' : 'status'}>
      {text}
    </div>
  )
}
