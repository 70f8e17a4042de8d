import { type AppRouter, appRouter } from '@facetgrade/study/app-router'
import { StudyError } from '@facetgrade/study/study-error'
import { type FastifyTRPCPluginOptions, fastifyTRPCPlugin } from '@trpc/server/adapters/fastify'
import type { FastifyInstance } from 'fastify'
import { describeFailure } from './failure-log.ts'
import type { Host } from './host.ts'

/** Clinical tables come as text in one call; everything larger is an upload. */
const BODY_LIMIT = 8 * 1024 * 1024
const MAX_BATCH = 20

export async function trpcRoutes(app: FastifyInstance, host: Host): Promise<void> {
  const options: FastifyTRPCPluginOptions<AppRouter> = {
    prefix: '/api/trpc',
    trpcOptions: {
      router: appRouter,
      maxBatchSize: MAX_BATCH,
      createContext: ({ req }) => host.contextOf(req),
      // A refusal is one line; a bug is one line with its stack. Neither carries what was sent.
      onError: ({ error, path, ctx }) => {
        const at = { procedure: path, userId: ctx?.session?.userId }
        if (error.cause instanceof StudyError) host.log.info({ ...at, refusal: error.cause.code }, 'refused')
        else if (error.code === 'INTERNAL_SERVER_ERROR')
          host.log.error({ ...at, failure: describeFailure(error.cause ?? error) }, 'failed')
        else host.log.info({ ...at, refusal: error.code }, 'refused')
      },
    },
  }
  // The plugin gives the scope its own body parser; the limit is the scope's.
  await app.register(fastifyTRPCPlugin, { ...options, bodyLimit: BODY_LIMIT })
}
