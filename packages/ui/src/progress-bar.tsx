import { Button } from './button.tsx'
import styles from './progress-bar.module.css'

export type ProgressBarProps = {
  label: string
  /** Absent: the end is not known yet. */
  value?: number
  max?: number
  /** `412 of 3,200 files` */
  detail?: string
  /** `86 files/s` */
  rate?: string
  /** `about 2 min left` */
  timeLeft?: string
  cancel?: { label: string; onCancel: () => void }
}

export function ProgressBar({ label, value, max = 1, detail, rate, timeLeft, cancel }: ProgressBarProps) {
  const facts = [detail, rate, timeLeft].filter((fact) => fact !== undefined)
  return (
    <div className={styles['progress']}>
      <div className={styles['head']}>
        <span className={styles['label']}>{label}</span>
        {value !== undefined && max > 0 && <span className={styles['share']}>{Math.floor((100 * value) / max)} %</span>}
      </div>
      <progress className={styles['bar']} aria-label={label} max={max} {...(value === undefined ? {} : { value })} />
      {(facts.length > 0 || cancel) && (
        <div className={styles['foot']}>
          <span>{facts.join(' · ')}</span>
          {cancel && (
            <Button size="small" onClick={cancel.onCancel}>
              {cancel.label}
            </Button>
          )}
        </div>
      )}
    </div>
  )
}
