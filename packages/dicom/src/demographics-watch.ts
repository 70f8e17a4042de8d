import type { PseudonymisedFile } from './pseudonymised-file.ts'
import { type Refused, refused } from './outcome-codes.ts'

/**
 * Within one import: files of one patient that disagree on sex or birth date are held (two people may share one id). The
 * files that came before are not called back; the server compares again over all imports.
 */
export function watchDemographics(): (file: PseudonymisedFile) => Refused | undefined {
  const seen = new Map<string, { sex: string | null; birthDateHmac: string | null }>()
  return ({ patientCode, envelope }) => {
    const before = seen.get(patientCode)
    const now = { sex: envelope.sex ?? before?.sex ?? null, birthDateHmac: envelope.birthDateHmac ?? before?.birthDateHmac ?? null }
    if (before && (differ(before.sex, envelope.sex) || differ(before.birthDateHmac, envelope.birthDateHmac))) {
      return refused('DEMOGRAPHICS_CONFLICT')
    }
    seen.set(patientCode, now)
    return undefined
  }
}

const differ = (a: string | null, b: string | null): boolean => a !== null && b !== null && a !== b
