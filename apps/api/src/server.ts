import { readFileSync } from 'node:fs'
import { connect } from '@facetgrade/db/connect'
import { openQueue } from '@facetgrade/jobs/queue'
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyServerOptions,
  LogController,
} from 'fastify'
import { pino } from 'pino'
import { requestContext } from './context.ts'
import type { Environment } from './environment.ts'
import { describeFailure } from './failure-log.ts'
import type { Host } from './host.ts'
import { originCheck } from './origin-check.ts'
import { registerRoutes } from './routes.ts'
import { noSharedCache, securityHeaders } from './security-headers.ts'
import { authentication, CLIENT_ADDRESS_HEADER } from './sign-in/authentication.ts'
import { reauthenticationPorts } from './sign-in/reauthentication-ports.ts'
import { sessionReader } from './sign-in/session.ts'

/** The api, ready to listen. Closing it ends its database and queue connections too. */
export async function buildServer(environment: Environment): Promise<FastifyInstance> {
  const at = {
    db: connect(environment.DATABASE_URL),
    secret: environment.FACETGRADE_AUTH_SECRET,
    origin: environment.FACETGRADE_URL,
  }
  const queue = await openQueue(environment.DATABASE_URL, { supervise: false })
  const log: FastifyBaseLogger = pino({ level: environment.FACETGRADE_LOG_LEVEL, base: { process: 'api' } })
  queue.on('error', (error) => log.error({ failure: describeFailure(error) }, 'queue'))
  const app = fastify(serverOptions(environment, log))
  const sessions = sessionReader(at)
  const parts = { db: at.db, queue, reauthentication: reauthenticationPorts(at) }
  const host: Host = {
    environment,
    db: at.db,
    queue,
    authentication: authentication(at),
    log: app.log,
    contextOf: async (request) => requestContext(parts, await sessions.sessionOf(request)),
  }
  app.addHook('onRequest', async (request) => {
    delete request.headers[CLIENT_ADDRESS_HEADER]
  })
  app.addHook('onRequest', securityHeaders(environment))
  app.addHook('onRequest', originCheck(at.origin))
  app.addHook('onSend', noSharedCache)
  app.addHook('onResponse', async (request, reply) => {
    // The route's pattern, never the address: addresses hold ids and secrets.
    request.log.debug(
      {
        method: request.method,
        route: request.routeOptions.url,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      'answered',
    )
  })
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    const status = error.statusCode ?? 500
    if (status >= 500) request.log.error({ route: request.routeOptions.url, failure: describeFailure(error) }, 'failed')
    return reply
      .code(status)
      .send(
        status >= 500
          ? { code: 'INTERNAL', message: 'Something went wrong; the log says what' }
          : { code: 'REFUSED', message: error.message },
      )
  })
  app.addHook('onClose', async () => {
    await queue.stop({ graceful: false })
    await at.db.$disconnect()
  })
  await registerRoutes(app, host)
  return app
}

function serverOptions(environment: Environment, log: FastifyBaseLogger): FastifyServerOptions {
  const { FACETGRADE_TLS_CERT: cert, FACETGRADE_TLS_KEY: key, FACETGRADE_TLS_PROXY: proxies } = environment
  const tls =
    cert !== undefined && key !== undefined ? { https: { cert: readFileSync(cert), key: readFileSync(key) } } : {}
  return {
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: proxies.length > 0 ? proxies : false,
    bodyLimit: 1024 * 1024,
    routerOptions: { maxParamLength: 5000 }, // a tRPC batch names its procedures in the path
    forceCloseConnections: true,
    ...tls,
  } as FastifyServerOptions
}
