import { z } from 'zod'
import { Json } from './json.ts'

const VectorCase = z.object({
  id: z.string(),
  input: z.record(z.string(), Json),
  expected: z.record(z.string(), Json),
  tolerance: z
    .object({ abs: z.number().nonnegative(), rel: z.number().nonnegative() })
    .default({ abs: 1e-9, rel: 1e-9 }),
  commands: z.record(z.string(), z.string()).default({}),
})
export type VectorCase = z.infer<typeof VectorCase>

/** Golden results of another tool. Foreign data: keys that the replay does not read are left alone. */
export const VectorFile = z.object({ topic: z.string(), cases: z.array(VectorCase) })
export type VectorFile = z.infer<typeof VectorFile>

export const SkipFile = z.object({
  entries: z.array(
    z.object({
      topic: z.string(),
      case: z.string(),
      entry: z.string(),
      rule: z.enum(['skip', 'null', 'either']),
      reason: z.string(),
    }),
  ),
})
export type SkipFile = z.infer<typeof SkipFile>
