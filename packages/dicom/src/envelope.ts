import { z } from 'zod'

/**
 * What travels with a pseudonymised object because the object itself can no longer say it (contracts.md §4).
 * `birthDateHmac` and `imagedInPeriod` are null where the original did not say, or where the object came
 * already pseudonymised and the truth is no longer there.
 */
export const Envelope = z.strictObject({
  version: z.literal(1),
  /** Fingerprint of the study's sub-key, 32 hexadecimal characters. */
  keyFingerprint: z.string().regex(/^[0-9a-f]{32}$/),
  /** Whether the true study date lies in the protocol's period; null: no date, or no period asked. */
  imagedInPeriod: z.boolean().nullable(),
  /** HMAC of issuer, patient id and birth date under the study's sub-key, to compare across imports. */
  birthDateHmac: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  sex: z.enum(['M', 'F', 'O']).nullable(),
})
export type Envelope = z.infer<typeof Envelope>
