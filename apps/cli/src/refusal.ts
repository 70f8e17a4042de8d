/** The command cannot be done, for a reason that has a code: exit 3. The sentence says what to do. */
export class RefusedError extends Error {
  override name = 'RefusedError'
  readonly code: string
  readonly details: Readonly<Record<string, string | number>> | undefined
  constructor(code: string, sentence: string, details?: Readonly<Record<string, string | number>>) {
    super(sentence)
    this.code = code
    this.details = details
  }
}

/** The command was called wrongly: exit 2. */
export class UsageError extends Error {
  override name = 'UsageError'
}
