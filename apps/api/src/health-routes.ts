import type { FastifyInstance } from 'fastify'
import type { Host } from './host.ts'

/** For the supervisor, a load balancer and a container's probe. Says nothing about the installation. */
export async function healthRoutes(app: FastifyInstance, host: Host): Promise<void> {
  app.get('/api/health', { logLevel: 'silent' }, async (_request, reply) => {
    try {
      await host.db.$queryRaw`SELECT 1`
      return { status: 'ok' }
    } catch {
      return reply.code(503).send({ status: 'database unreachable' })
    }
  })
}
