'use client'
import { TextField } from '@facetgrade/ui/field'
import { useTranslations } from 'next-intl'
import { useEffect, useState } from 'react'
import styles from './account.module.css'
import { PASSWORD_MIN_LENGTH, PASSWORD_MIN_SCORE, passwordScore } from './password-strength.ts'

type Props = {
  value: string
  onValueChange: (password: string) => void
  person: { name: string; email: string }
  error?: string | undefined
}

/** A new password with its strength as it is typed, and what is still missing in words. */
export function NewPasswordField({ value, onValueChange, person, error }: Props) {
  const t = useTranslations('account')
  const [score, setScore] = useState<number>()
  const { name, email } = person
  useEffect(() => {
    let isCurrent = true
    const judge = async () => {
      const judged = value === '' ? undefined : await passwordScore(value, { name, email })
      if (isCurrent) setScore(judged)
    }
    void judge()
    return () => {
      isCurrent = false
    }
  }, [value, name, email])
  const rules = [
    {
      id: 'length',
      isMet: value.length >= PASSWORD_MIN_LENGTH,
      words: t('passwordLength', { minimum: PASSWORD_MIN_LENGTH }),
    },
    { id: 'known', isMet: score !== undefined && score >= PASSWORD_MIN_SCORE, words: t('passwordNotKnown') },
  ]
  return (
    <div className={styles['form']}>
      <TextField
        label={t('newPassword')}
        hint={t('newPasswordHint')}
        type="password"
        autoComplete="new-password"
        required
        minLength={PASSWORD_MIN_LENGTH}
        maxLength={128}
        value={value}
        error={error}
        onChange={(event) => onValueChange(event.target.value)}
      />
      {value !== '' && (
        <>
          <div className={styles['strength']}>
            <span>{t('strength')}</span>
            <meter
              className={styles['meter']}
              aria-label={t('strength')}
              min={0}
              max={4}
              low={2}
              high={3}
              optimum={4}
              value={score ?? 0}
            />
            <span>{t(`strengths.${strengthName(score)}`)}</span>
          </div>
          <ul className={styles['rules']}>
            {rules.map((rule) => (
              <li key={rule.id} data-met={rule.isMet}>
                {rule.isMet ? '✓' : '○'} {rule.words}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}

function strengthName(score: number | undefined): 'judging' | 'weak' | 'fair' | 'good' | 'strong' {
  if (score === undefined) return 'judging'
  if (score >= 4) return 'strong'
  if (score >= PASSWORD_MIN_SCORE) return 'good'
  return score === 2 ? 'fair' : 'weak'
}
