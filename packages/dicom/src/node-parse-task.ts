import type { Refused } from './outcome-codes.ts'
import type { PseudonymiseContext } from './pseudonymise-context.ts'
import type { PseudonymisedFile, PseudonymiseOutcome, VerifyOutcome } from './pseudonymised-file.ts'
import type { KeyFile } from './study-key.ts'

/** Where a file lies in the bytes of its pack. */
export type Place = { offset: number; length: number }

/** What the pool asks of a worker. The bytes are moved there. */
export type ParseTask =
  | { kind: 'pseudonymise' | 'name'; bytes: Uint8Array<ArrayBuffer> }
  | { kind: 'verify'; bytes: Uint8Array<ArrayBuffer>; places: readonly Place[]; keyFingerprint: string }

/** A pseudonymised file with its SHA-256: the name of the object. */
export type NamedFile = PseudonymisedFile & { contentHash: string }
export type NamedOutcome = NamedFile | Refused

/** What it answers: of a pack one answer a file, in order, and the bytes back at the end. */
export type ParseAnswer =
  | { kind: 'pseudonymised'; outcome: PseudonymiseOutcome }
  | { kind: 'named'; outcome: NamedOutcome }
  | { kind: 'verified'; outcome: VerifyOutcome }
  | { kind: 'returned'; bytes: Uint8Array<ArrayBuffer> }

export type ParseWorkerData = { keyed: { keyFile: KeyFile; studyCode: string; context: PseudonymiseContext } | null }
