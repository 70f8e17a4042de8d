import { randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Environment } from './environment.ts'

const API_POLICY = "default-src 'none'; frame-ancestors 'none'"

/** Policy of the pages. Scripts run by nonce alone; WebAssembly is the image decoders'; nothing evaluates text. */
export function pagePolicy(nonce: string, mode: Environment['FACETGRADE_MODE']): string {
  const isDevelopment = mode === 'development'
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic' 'wasm-unsafe-eval'${isDevelopment ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "worker-src 'self' blob:",
    `connect-src 'self'${isDevelopment ? ' ws: wss:' : ''}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}

export const newNonce = (): string => randomBytes(16).toString('base64')

/** On every answer before its body is known; pages replace the policy by their own (portal-routes.ts). */
export function securityHeaders(environment: Environment) {
  return async (_request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    reply.headers({
      'content-security-policy': API_POLICY,
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy':
        'camera=(), microphone=(), geolocation=(), publickey-credentials-get=(self), publickey-credentials-create=(self)',
      ...(environment.FACETGRADE_URL.startsWith('https:') ? { 'strict-transport-security': 'max-age=31536000' } : {}),
    })
  }
}

/** Pixels and answers belong to one person: a cache that others share keeps none of them. */
export async function noSharedCache(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (!request.url.startsWith('/api/')) return
  const stated = reply.getHeader('cache-control')
  if (typeof stated !== 'string' || !/\b(private|no-store)\b/.test(stated)) reply.header('cache-control', 'no-store')
}
