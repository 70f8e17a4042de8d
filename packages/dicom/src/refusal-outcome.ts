import { type HeldCode, type Refused, type RejectedCode, refused } from './outcome-codes.ts'
import { Refusal } from './refusal.ts'

/** A thrown refusal as an outcome. Anything else is a fault of ours: it fails closed under the code given, text dropped. */
export const refusalOutcome = (error: unknown, otherwise: HeldCode | RejectedCode): Refused =>
  refused(error instanceof Refusal ? error.code : otherwise)
