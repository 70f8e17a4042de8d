import type { FastifyInstance } from 'fastify'
import { caseFrameRoutes } from './cases/case-frame-routes.ts'
import { examFrameRoutes } from './exams/exam-frame-routes.ts'
import { exportRoutes } from './exports/export-routes.ts'
import { healthRoutes } from './health-routes.ts'
import type { Host } from './host.ts'
import { modelRoutes } from './models/model-routes.ts'
import { portalRoutes } from './portal-routes.ts'
import { reportRoutes } from './reports/report-routes.ts'
import { signInRoutes } from './sign-in/sign-in-routes.ts'
import { trainingImageRoutes } from './training-export/training-image-routes.ts'
import { trpcRoutes } from './trpc-routes.ts'
import { uploadRoutes } from './uploads/upload-routes.ts'

type Routes = (app: FastifyInstance, host: Host) => Promise<void>

/** Each in a scope of its own (body parsers, limits). One line a plugin, sorted; the pages take what is left. */
const ROUTES: readonly Routes[] = [
  caseFrameRoutes,
  examFrameRoutes,
  exportRoutes,
  healthRoutes,
  modelRoutes,
  reportRoutes,
  signInRoutes,
  trainingImageRoutes,
  trpcRoutes,
  uploadRoutes,
  portalRoutes,
]

export async function registerRoutes(app: FastifyInstance, host: Host): Promise<void> {
  for (const routes of ROUTES) await app.register((scope) => routes(scope, host))
}
