import type { FastifyReply, FastifyRequest } from 'fastify'

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses a change that a browser sends from another site. A browser always names the origin of such a request; a
 * command-line client names none and carries a personal token, which no browser adds by itself.
 */
export function originCheck(ownOrigin: string) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    if (SAFE.has(request.method) || !request.url.startsWith('/api/')) return undefined
    const { origin, authorization } = request.headers
    if (origin === ownOrigin || (origin === undefined && authorization !== undefined)) return undefined
    return reply
      .code(403)
      .send({ code: 'FOREIGN_ORIGIN', message: `Requests that change something must come from ${ownOrigin}` })
  }
}
