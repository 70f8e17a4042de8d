import { hkdf } from '@noble/hashes/hkdf.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { z } from 'zod'

/** The key-holder's file. JSON; the secret is 256 random bits in base64. It never reaches the server readers use. */
export const KeyFile = z.strictObject({
  format: z.literal('facetgrade-key'),
  version: z.literal(1),
  created: z.iso.datetime(),
  secret: z.string().regex(/^[A-Za-z0-9+/]{43}=$/, 'not 256 bits in base64'),
})
export type KeyFile = z.infer<typeof KeyFile>

/** Thrown for a key file that is not one. Its message holds nothing of the file. */
export class KeyFileError extends Error {
  override name = 'KeyFileError'
}

/**
 * A study's sub-key, opened. Everything derived from it is one HMAC away, so nothing here leads back to the secret.
 */
export type StudyKey = {
  studyCode: string
  /** 32 hex characters; the only thing of the key that the study stores. */
  fingerprint: string
  /** HMAC-SHA-256 of the parts under the sub-key and a purpose. Parts are length-prefixed, never just joined. */
  mac(purpose: string, ...parts: readonly string[]): Uint8Array
}

/** A new key file. `created` comes from the caller: this package has no clock. */
export function createKeyFile(created: string): KeyFile {
  const secret = crypto.getRandomValues(new Uint8Array(32))
  return KeyFile.parse({ format: 'facetgrade-key', version: 1, created, secret: btoa(String.fromCharCode(...secret)) })
}

/** @throws {KeyFileError} the text is not a key file */
export function parseKeyFile(text: string): KeyFile {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new KeyFileError('The key file is not JSON.')
  }
  const parsed = KeyFile.safeParse(json)
  if (!parsed.success) throw new KeyFileError('The file is not a FacetGrade key of version 1.')
  return parsed.data
}

/** Sub-key by HKDF-SHA-256 (RFC 5869): salt names the use, info is the study code. Studies cannot be linked. */
export function openStudyKey(file: KeyFile, studyCode: string): StudyKey {
  const secret = Uint8Array.from(atob(file.secret), (character) => character.charCodeAt(0))
  const subKey = hkdf(sha256, secret, utf8ToBytes('facetgrade/pseudonymise/v1'), utf8ToBytes(studyCode), 32)
  const keyed = hmac.create(sha256, subKey)
  const mac = (purpose: string, ...parts: readonly string[]): Uint8Array => {
    const state = keyed.clone()
    for (const part of [purpose, ...parts]) {
      const bytes = utf8ToBytes(part)
      state.update(utf8ToBytes(`${bytes.length}:`)).update(bytes)
    }
    return state.digest()
  }
  return { studyCode, fingerprint: bytesToHex(mac('fingerprint')).slice(0, 32), mac }
}
