import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common'
import { StudyError } from '../study-error.ts'

export const PASSWORD_MIN_LENGTH = 12
const PASSWORD_MAX_LENGTH = 128
/** zxcvbn's own scale: at 3 an offline attack on a slow hash needs more than 10^8 guesses. */
const PASSWORD_MIN_SCORE = 3
/** Characters that must be left of a password when the person's and the product's own words are taken out. */
const REST_MIN_LENGTH = 7
const CONTEXT_WORDS = ['facetgrade', 'facet', 'lumbar', 'spine', 'radiology', 'hospital', 'reader', 'study']

const strength = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs })

/**
 * Refuses a password that is short, or that the list of breached passwords, the person's own words or a keyboard pattern
 * make easy to guess. Works offline (NIST SP 800-63B 3.1.1.2: length and a block list, no composition rules).
 *
 * @throws {StudyError} PASSWORD_TOO_SHORT, PASSWORD_TOO_LONG, PASSWORD_TOO_COMMON
 */
export function checkPassword(password: string, person: { name: string; email: string }): void {
  if (password.length < PASSWORD_MIN_LENGTH)
    throw new StudyError('PASSWORD_TOO_SHORT', { minimum: PASSWORD_MIN_LENGTH })
  if (password.length > PASSWORD_MAX_LENGTH) throw new StudyError('PASSWORD_TOO_LONG', { maximum: PASSWORD_MAX_LENGTH })
  const own = [person.name, ...person.name.split(/\s+/), person.email, ...person.email.split(/[@.]/)].filter(
    (word) => word.length > 2,
  )
  const words = [...own, ...CONTEXT_WORDS].map((word) => word.toLowerCase())
  const rest = words
    .reduce((left, word) => left.replaceAll(word, ''), password.toLowerCase())
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
  const isGuessed = rest.length < REST_MIN_LENGTH || strength.check(password, words).score < PASSWORD_MIN_SCORE
  if (isGuessed) throw new StudyError('PASSWORD_TOO_COMMON')
}

/** A PIN of 6 to 12 digits that is not one digit repeated, a run, or a year in a pattern of two. */
export function checkPin(pin: string): void {
  const steps = new Set([...pin].slice(1).map((digit, index) => (Number(digit) - Number(pin[index]) + 10) % 10))
  const isPeriodic = [2, 3].some((period) => [...pin].every((digit, index) => digit === pin[index % period]))
  if (!/^\d{6,12}$/.test(pin) || steps.size === 1 || isPeriodic) throw new StudyError('PIN_TOO_WEAK')
}
