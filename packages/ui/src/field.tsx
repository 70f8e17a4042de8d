import {
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from 'react'
import { classNames } from './class-names.tsx'
import styles from './field.module.css'

type FieldWords = { label: ReactNode; hint?: ReactNode; error?: ReactNode }
type ControlProps = {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': true | undefined
  className: string
}

/** A label, a control, a hint and an error that belong together for every kind of reader of the page. */
export function Field({
  label,
  hint,
  error,
  children,
}: FieldWords & { children: (control: ControlProps) => ReactNode }) {
  const id = useId()
  const described = [hint !== undefined && `${id}-hint`, hasError(error) && `${id}-error`].filter(Boolean).join(' ')
  return (
    <div className={styles['field']}>
      <label htmlFor={id} className={styles['label']}>
        {label}
      </label>
      {children({
        id,
        'aria-describedby': described === '' ? undefined : described,
        'aria-invalid': hasError(error) || undefined,
        className: styles['control'] ?? '',
      })}
      {hint !== undefined && (
        <p id={`${id}-hint`} className={styles['hint']}>
          {hint}
        </p>
      )}
      {hasError(error) && (
        <p id={`${id}-error`} className={styles['error']} role="alert">
          {error}
        </p>
      )}
    </div>
  )
}

const hasError = (error: ReactNode): boolean => error !== undefined && error !== null && error !== false && error !== ''

export type TextFieldProps = FieldWords & Omit<InputHTMLAttributes<HTMLInputElement>, 'id'>
export function TextField({ label, hint, error, ...input }: TextFieldProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => <input {...input} {...control} className={classNames(control.className, input.className)} />}
    </Field>
  )
}

export type TextAreaFieldProps = FieldWords & Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'id'>
export function TextAreaField({ label, hint, error, ...area }: TextAreaFieldProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <textarea
          rows={4}
          {...area}
          {...control}
          className={classNames(control.className, styles['area'], area.className)}
        />
      )}
    </Field>
  )
}

export type SelectFieldProps = FieldWords &
  Omit<SelectHTMLAttributes<HTMLSelectElement>, 'id'> & {
    options: readonly { value: string; label: string; disabled?: boolean }[]
    /** Shown while nothing is chosen; its value is the empty string. */
    placeholder?: string
  }
/** The platform's own select: keyboard, screen readers and touch come with it. */
export function SelectField({ label, hint, error, options, placeholder, ...select }: SelectFieldProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <select {...select} {...control} className={classNames(control.className, styles['select'], select.className)}>
          {placeholder !== undefined && <option value="">{placeholder}</option>}
          {options.map((option) => (
            <option key={option.value} value={option.value} disabled={option.disabled}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

export type CheckboxFieldProps = FieldWords & Omit<InputHTMLAttributes<HTMLInputElement>, 'id' | 'type'>
export function CheckboxField({ label, hint, error, ...input }: CheckboxFieldProps) {
  const id = useId()
  return (
    <div className={styles['checkbox']}>
      <input
        {...input}
        type="checkbox"
        id={id}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        aria-invalid={hasError(error) || undefined}
      />
      <div>
        <label htmlFor={id}>{label}</label>
        {hint !== undefined && (
          <p id={`${id}-hint`} className={styles['hint']}>
            {hint}
          </p>
        )}
        {hasError(error) && (
          <p className={styles['error']} role="alert">
            {error}
          </p>
        )}
      </div>
    </div>
  )
}

export type RadioFieldProps = FieldWords & {
  name?: string
  value: string | undefined
  options: readonly { value: string; label: ReactNode; hint?: ReactNode; disabled?: boolean }[]
  onValueChange: (value: string) => void
  disabled?: boolean
}
/** One choice of a few, all visible. */
export function RadioField({ label, hint, error, name, value, options, onValueChange, disabled }: RadioFieldProps) {
  const id = useId()
  return (
    <fieldset
      className={styles['field']}
      disabled={disabled}
      aria-describedby={hint === undefined ? undefined : `${id}-hint`}
    >
      <legend className={styles['label']}>{label}</legend>
      {hint !== undefined && (
        <p id={`${id}-hint`} className={styles['hint']}>
          {hint}
        </p>
      )}
      {options.map((option) => (
        <label key={option.value} className={styles['radio']}>
          <input
            type="radio"
            name={name ?? id}
            value={option.value}
            checked={option.value === value}
            disabled={option.disabled}
            onChange={() => onValueChange(option.value)}
          />
          <span>
            {option.label}
            {option.hint !== undefined && <span className={styles['hint']}>{option.hint}</span>}
          </span>
        </label>
      ))}
      {hasError(error) && (
        <p className={styles['error']} role="alert">
          {error}
        </p>
      )}
    </fieldset>
  )
}
