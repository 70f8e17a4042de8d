import httpProxy from '@fastify/http-proxy'
import type { FastifyInstance } from 'fastify'
import type { Host } from './host.ts'
import { newNonce, pagePolicy } from './security-headers.ts'

/** Everything that is not the api's own goes to the pages, under a policy whose nonce Next reads from the request. */
export async function portalRoutes(app: FastifyInstance, host: Host): Promise<void> {
  const { FACETGRADE_PORTAL_URL: upstream, FACETGRADE_MODE: mode, FACETGRADE_URL: origin } = host.environment
  app.all('/api/*', async (_request, reply) => reply.code(404).send({ code: 'NOT_FOUND', message: 'Not found' }))
  if (upstream === undefined) return
  app.addHook('onRequest', async (request, reply) => {
    // Passkeys and cookies are bound to one address: 127.0.0.1 leads to localhost.
    const { host: wanted, hostname } = new URL(origin)
    const isElsewhere = hostname === 'localhost' && request.method === 'GET' && request.headers.host !== wanted
    if (isElsewhere && request.headers.upgrade === undefined) return reply.redirect(`${origin}${request.url}`, 307)
    const policy = pagePolicy(newNonce(), mode)
    request.headers['content-security-policy'] = policy
    reply.header('content-security-policy', policy)
    return undefined
  })
  await app.register(httpProxy, {
    upstream,
    logLevel: 'warn', // it would log every address
    websocket: mode === 'development',
    replyOptions: {
      rewriteRequestHeaders: (request, headers) => ({
        ...headers,
        'content-security-policy': String(request.headers['content-security-policy'] ?? ''),
        'x-forwarded-host': new URL(origin).host,
        'x-forwarded-proto': origin.split(':')[0] ?? 'http',
      }),
      onError: (reply, { error }) => {
        host.log.warn({ code: error.name }, 'the pages are not answering')
        reply
          .code(503)
          .header('retry-after', '2')
          .type('text/plain; charset=utf-8')
          .send('The pages are starting; try again in a moment.')
      },
    },
  })
}
