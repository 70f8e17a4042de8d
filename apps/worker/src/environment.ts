import { isAbsolute } from 'node:path'
import { z } from 'zod'
import { ProviderChoice } from './infer/model-message.ts'

export const Environment = z.object({
  DATABASE_URL: z.string().min(1),
  /** Data folder: blobs, and uploads that wait to be unpacked. */
  FACETGRADE_DATA: z.string().refine(isAbsolute, 'must be an absolute path'),
  /** Where models run: CUDA where it is there, else the processor; or the one named, and a refusal where it is not. */
  FACETGRADE_EXECUTION_PROVIDER: ProviderChoice.default('auto'),
  /** Threads of each model; the machine's cores unless it has other work. */
  FACETGRADE_MODEL_THREADS: z.coerce.number().int().min(1).max(256).optional(),
  FACETGRADE_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
})
export type Environment = z.infer<typeof Environment>
