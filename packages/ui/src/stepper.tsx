import type { ReactNode } from 'react'
import { classNames } from './class-names.tsx'
import styles from './stepper.module.css'

export type StepState = 'done' | 'current' | 'todo' | 'blocked'
export type Step = {
  id: string
  /** Often a link to the step's screen. */
  label: ReactNode
  state: StepState
  /** The state in a word, in the reader's language. */
  stateLabel: string
  detail?: ReactNode
}

const SHAPES: Record<StepState, string> = { done: '✓', current: '●', todo: '○', blocked: '–' }

/** A way in steps, with where one stands. */
export function Stepper({ label, steps }: { label: string; steps: readonly Step[] }) {
  return (
    <ol className={styles['steps']} aria-label={label}>
      {steps.map((step) => (
        <li
          key={step.id}
          className={classNames(styles['step'], styles[step.state])}
          aria-current={step.state === 'current' ? 'step' : undefined}
        >
          <span aria-hidden="true" className={styles['mark']}>
            {SHAPES[step.state]}
          </span>
          <div className={styles['words']}>
            <span className={styles['label']}>{step.label}</span>
            <span className={styles['state']}>{step.stateLabel}</span>
            {step.detail !== undefined && <span className={styles['detail']}>{step.detail}</span>}
          </div>
        </li>
      ))}
    </ol>
  )
}
