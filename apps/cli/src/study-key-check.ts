import type { StudyKey } from '@facetgrade/dicom/study-key'
import { RefusedError } from './refusal.ts'

/** @throws {RefusedError} KEY_MISMATCH when the study was begun with another key */
export function refuseOtherKey(key: StudyKey, settings: { keyFingerprint: string | null }): void {
  if (settings.keyFingerprint === null || settings.keyFingerprint === key.fingerprint) return
  throw new RefusedError(
    'KEY_MISMATCH',
    "This is not the key that the study was begun with: the same patient would get another code. Name the study's own key with --key-file.",
  )
}
