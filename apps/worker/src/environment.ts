import { isAbsolute } from 'node:path'
import { z } from 'zod'

export const Environment = z.object({
  DATABASE_URL: z.string().min(1),
  /** Data folder: blobs, and uploads that wait to be unpacked. */
  FACETGRADE_DATA: z.string().refine(isAbsolute, 'must be an absolute path'),
  FACETGRADE_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
})
export type Environment = z.infer<typeof Environment>
