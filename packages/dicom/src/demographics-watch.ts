import { type Refused, refused } from './outcome-codes.ts'
import type { PseudonymisedFile } from './pseudonymised-file.ts'

type Seen = { sex: string | null; birthDateHmac: string | null }

/**
 * Within one import: files of one patient that disagree on sex or birth date are held (two people may share one id). The
 * files that came before are not called back; the server compares again over all imports.
 */
export function watchDemographics(): (
  file: Pick<PseudonymisedFile, 'patientCode' | 'envelope'>,
) => Refused | undefined {
  const seen = new Map<string, Seen>()
  return ({ patientCode, envelope }) => {
    const before = seen.get(patientCode) ?? { sex: null, birthDateHmac: null }
    if (differ(before.sex, envelope.sex) || differ(before.birthDateHmac, envelope.birthDateHmac)) {
      return refused('DEMOGRAPHICS_CONFLICT')
    }
    seen.set(patientCode, {
      sex: envelope.sex ?? before.sex,
      birthDateHmac: envelope.birthDateHmac ?? before.birthDateHmac,
    })
    return undefined
  }
}

const differ = (a: string | null, b: string | null): boolean => a !== null && b !== null && a !== b
