import { z } from 'zod'

/** Code of a Study, as it stands in addresses, commands and exports: lower case, digits, hyphen, at most 24. */
export const StudyCode = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,22}[a-z0-9])?$/)
export type StudyCode = z.infer<typeof StudyCode>
