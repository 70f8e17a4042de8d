import { z } from 'zod'

/** Pseudonym of a Patient inside one Study: `P` and ten Crockford base-32 characters (no I, L, O, U) of a keyed HMAC. */
export const PatientCode = z.string().regex(/^P[0-9A-HJKMNP-TV-Z]{10}$/)
export type PatientCode = z.infer<typeof PatientCode>
