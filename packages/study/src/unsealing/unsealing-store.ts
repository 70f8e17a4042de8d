export type Unsealing = {
  readonly unsealingId: string
  /** 1 for the first: counted and shown. */
  readonly ordinal: number
  readonly planId: string
  readonly planVersion: number
  readonly reason: string
  readonly unsealedBy: string
  readonly unsealedAt: string
}

export type UnsealingStore = {
  list(studyId: string): Promise<readonly Unsealing[]>
  /** Hash of the sealed split; undefined before it is sealed. */
  sealHash(studyId: string): Promise<string | undefined>
  append(unsealing: { studyId: string; planId: string; reason: string; unsealedBy: string }): Promise<Unsealing>
}
