import type { Envelope } from './envelope.ts'
import type { InstanceHeader } from './instance-header.ts'
import type { Refused } from './outcome-codes.ts'

/** A file that may leave the key-holder's side: explicit little endian, allow-listed, stamped. */
export type PseudonymisedFile = {
  outcome: 'accepted'
  bytes: Uint8Array<ArrayBuffer>
  envelope: Envelope
  /** True when the input already carried this study's stamp and was passed on unchanged. */
  alreadyPseudonymised: boolean
  header: InstanceHeader
  sopInstanceUid: string
  patientCode: string
}

export type PseudonymiseOutcome = PseudonymisedFile | Refused

/** What the server learns from a file that is clean. */
export type VerifiedFile = {
  outcome: 'clean'
  header: InstanceHeader
  sopInstanceUid: string
  patientCode: string
  /** SHA-256 of shape and decoded stored values, hex. */
  pixelHash: string
  /** SHA-256 of the file's bytes, hex: the name of the stored object. */
  contentHash: string
}

export type VerifyOutcome = VerifiedFile | Refused
