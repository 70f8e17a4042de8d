import { type Refused, refused } from './outcome-codes.ts'
import type { PseudonymisedFile } from './pseudonymised-file.ts'

type Known = { sex: string | null; birthDateHmac: string | null }

/**
 * Watches one import at the key-holder's side: a file whose sex or birth date contradicts an earlier file of the same
 * patient is held (two people may share one id). What is unknown contradicts nothing. Files that went before are not
 * called back; the server compares again over all imports.
 */
export function patientAgreement(): (file: PseudonymisedFile) => Refused | undefined {
  const patients = new Map<string, Known>()
  return ({ patientCode, envelope }) => {
    const before = patients.get(patientCode) ?? { sex: null, birthDateHmac: null }
    if (differ(before.sex, envelope.sex) || differ(before.birthDateHmac, envelope.birthDateHmac)) {
      return refused('DEMOGRAPHICS_CONFLICT')
    }
    patients.set(patientCode, {
      sex: before.sex ?? envelope.sex,
      birthDateHmac: before.birthDateHmac ?? envelope.birthDateHmac,
    })
    return undefined
  }
}

const differ = (a: string | null, b: string | null): boolean => a !== null && b !== null && a !== b
