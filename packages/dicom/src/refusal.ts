import type { HeldCode, RejectedCode } from './outcome-codes.ts'

/** Thrown inside the package where reading must stop; turned into an outcome at the edge. Its message is the code alone. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly code: HeldCode | RejectedCode
  constructor(code: HeldCode | RejectedCode) {
    super(code)
    this.code = code
  }
}
