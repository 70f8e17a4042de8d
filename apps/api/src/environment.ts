import { isAbsolute } from 'node:path'
import { z } from 'zod'

const Port = z.coerce.number().int().min(0).max(65_535)
const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost'])

/** Everything the api takes from outside, read once at start. The supervisor sets most of it. */
export const Environment = z
  .object({
    DATABASE_URL: z.string().min(1),
    /** Data folder: blobs, uploads under way. */
    FACETGRADE_DATA: z.string().refine(isAbsolute, 'must be an absolute path'),
    FACETGRADE_HOST: z.string().min(1).default('127.0.0.1'),
    FACETGRADE_PORT: Port.default(3000),
    /** The address that people type: scheme, host and port. Passkeys and cookies are bound to it. */
    FACETGRADE_URL: z.url().transform((url) => new URL(url).origin),
    /** Where the pages are served, on this machine. Empty: the api alone. */
    FACETGRADE_PORTAL_URL: z.url().optional(),
    /** Signs cookies, encrypts one-time code secrets. */
    FACETGRADE_AUTH_SECRET: z.string().min(32),
    FACETGRADE_TLS_CERT: z.string().optional(),
    FACETGRADE_TLS_KEY: z.string().optional(),
    /** Addresses (or CIDR ranges, comma-separated) of the proxy that ends TLS in front; only it may name the client. */
    FACETGRADE_TLS_PROXY: z
      .string()
      .optional()
      .transform((list) => list?.split(',').map((address) => address.trim()) ?? []),
    FACETGRADE_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
    /** 'development' lets the page's hot reload in: websockets, and evaluation in the content policy. */
    FACETGRADE_MODE: z.enum(['production', 'development']).default('production'),
  })
  .superRefine((environment, context) => {
    const hasFiles = environment.FACETGRADE_TLS_CERT !== undefined && environment.FACETGRADE_TLS_KEY !== undefined
    const isBeyondLoopback = !LOOPBACK.has(environment.FACETGRADE_HOST)
    if (isBeyondLoopback && !hasFiles && environment.FACETGRADE_TLS_PROXY.length === 0) {
      context.addIssue({
        code: 'custom',
        path: ['FACETGRADE_HOST'],
        message: `listening on ${environment.FACETGRADE_HOST} needs TLS: set FACETGRADE_TLS_CERT and FACETGRADE_TLS_KEY, or FACETGRADE_TLS_PROXY to the address of a proxy that ends TLS`,
      })
    }
  })
export type Environment = z.infer<typeof Environment>

/** @throws {Error} one sentence a setting */
export function parseEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  const parsed = Environment.safeParse(variables)
  if (parsed.success) return parsed.data
  throw new Error(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '))
}
