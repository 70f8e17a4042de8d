import type { Database } from '@facetgrade/db/connect'
import type { RequestContext } from '@facetgrade/study/procedure'
import type { FastifyBaseLogger, FastifyRequest } from 'fastify'
import type { Queue } from './context.ts'
import type { Environment } from './environment.ts'
import type { Authentication } from './sign-in/authentication.ts'

/** What every route plugin is given. Routes authorise for themselves: `contextOf`, then `actorIn` of the study room. */
export type Host = {
  environment: Environment
  db: Database
  queue: Queue
  authentication: Authentication
  log: FastifyBaseLogger
  /** The person behind the cookie or the personal token; a null session when there is none. */
  contextOf(request: FastifyRequest): Promise<RequestContext>
}
