import type { PseudonymiseContext } from './pseudonymise-context.ts'
import type { PseudonymiseOutcome, VerifyOutcome } from './pseudonymised-file.ts'
import type { KeyFile } from './study-key.ts'

/** What pool and worker say to each other. */
export type ParseTask =
  | { kind: 'pseudonymise'; bytes: Uint8Array<ArrayBuffer> }
  | { kind: 'verify'; bytes: Uint8Array<ArrayBuffer>; keyFingerprint: string }

export type ParseAnswer =
  | { kind: 'pseudonymise'; outcome: PseudonymiseOutcome }
  | { kind: 'verify'; outcome: VerifyOutcome }

export type ParseWorkerData = { keyed: { keyFile: KeyFile; studyCode: string; context: PseudonymiseContext } | null }
