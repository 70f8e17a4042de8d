import type { FastifyInstance } from 'fastify'
import { healthRoutes } from './health-routes.ts'
import type { Host } from './host.ts'
import { portalRoutes } from './portal-routes.ts'
import { signInRoutes } from './sign-in/sign-in-routes.ts'
import { trpcRoutes } from './trpc-routes.ts'

type Routes = (app: FastifyInstance, host: Host) => Promise<void>

/** Each in a scope of its own (body parsers, limits). One line a plugin, sorted; the pages take what is left. */
const ROUTES: readonly Routes[] = [healthRoutes, signInRoutes, trpcRoutes, portalRoutes]

export async function registerRoutes(app: FastifyInstance, host: Host): Promise<void> {
  for (const routes of ROUTES) await app.register((scope) => routes(scope, host))
}
