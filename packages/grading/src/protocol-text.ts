import { z } from 'zod'

/** A wording in both languages of the house. */
export const Text = z.strictObject({ en: z.string().trim().min(1), zh: z.string().trim().min(1) })
export type Text = z.infer<typeof Text>

/** A machine name inside a protocol: lower case, digits, underscore; it becomes column names in exports. */
export const Name = z.string().regex(/^[a-z][a-z0-9_]{0,31}$/)
export type Name = z.infer<typeof Name>
