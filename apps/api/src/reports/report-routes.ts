import { createHash } from 'node:crypto'
import { StudyCode } from '@facetgrade/grading/study-code'
import { FIGURE_FORMATS } from '@facetgrade/report/render/node-figure-file'
import { MEDIA_TYPES, REPORT_FORMATS } from '@facetgrade/report/render/node-report-file'
import { TRPC_CODE } from '@facetgrade/study/refusals'
import { reportMaterial } from '@facetgrade/study/report/report-input'
import { StudyError } from '@facetgrade/study/study-error'
import { TRPCError } from '@trpc/server'
import { getHTTPStatusCodeFromError } from '@trpc/server/http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import software from '../../package.json' with { type: 'json' }
import type { Host } from '../host.ts'
import { makeReport } from './make-report.ts'
import type { ReportTask } from './report-task.ts'

const Evaluation = { studyCode: StudyCode, evaluationId: z.union([z.literal('latest'), z.uuid()]) }
const Report = z.object({ ...Evaluation, format: z.enum(REPORT_FORMATS) })
const Figures = z.object(Evaluation)
const OneFigure = z.object({
  ...Evaluation,
  figure: z.string().regex(/^[a-z0-9-]{1,120}$/),
  format: z.enum(FIGURE_FORMATS),
})
const Query = z.object({ language: z.enum(['en', 'zh']).default('en'), span: z.enum(['column', 'page']).optional() })
const FIGURE_TYPES = { svg: 'image/svg+xml', pdf: 'application/pdf' } as const

type Asked = { readonly studyCode: string; readonly evaluationId: string }
type Exchange = { readonly request: FastifyRequest; readonly reply: FastifyReply }
type Answer = { readonly name: string; readonly mediaType: string; readonly file: ReportTask['file'] }

/**
 * The report of an evaluation and its figures as files, made when they are asked for: the same evaluation gives the same
 * bytes, so that nothing need be kept. Each download leaves a row in the trail.
 */
export async function reportRoutes(app: FastifyInstance, host: Host): Promise<void> {
  app.get('/api/reports/:studyCode/:evaluationId/report.:format', (request, reply) => {
    const asked = Report.safeParse(request.params)
    if (!asked.success) return refuse(reply, new StudyError('NOT_FOUND'))
    const { format } = asked.data
    return send(host, { request, reply }, asked.data, {
      name: `report.${format}`,
      mediaType: MEDIA_TYPES[format],
      file: { kind: 'report', format },
    })
  })
  app.get('/api/reports/:studyCode/:evaluationId/figures.json', (request, reply) => {
    const asked = Figures.safeParse(request.params)
    if (!asked.success) return refuse(reply, new StudyError('NOT_FOUND'))
    return send(host, { request, reply }, asked.data, {
      name: 'figures.json',
      mediaType: 'application/json; charset=utf-8',
      file: { kind: 'figures' },
    })
  })
  app.get('/api/reports/:studyCode/:evaluationId/figures/:figure.:format', (request, reply) => {
    const asked = OneFigure.safeParse(request.params)
    const query = Query.safeParse(request.query)
    if (!asked.success || !query.success) return refuse(reply, new StudyError('NOT_FOUND'))
    const { figure, format } = asked.data
    return send(host, { request, reply }, asked.data, {
      name: `${figure}.${format}`,
      mediaType: FIGURE_TYPES[format],
      file: { kind: 'figure', id: figure, format, span: query.data.span },
    })
  })
}

async function send(host: Host, { request, reply }: Exchange, asked: Asked, answer: Answer): Promise<FastifyReply> {
  const query = Query.safeParse(request.query)
  if (!query.success) return refuse(reply, new StudyError('NOT_FOUND'))
  const { language } = query.data
  try {
    const { context, ...material } = await reportMaterial(await host.contextOf(request), {
      studyCode: asked.studyCode,
      evaluationId: asked.evaluationId,
      file: `${language}/${answer.name}`,
    })
    const input = { ...material, language, context: { ...context, software: software.version } }
    const file = await makeReport({ input, file: answer.file })
    if (!file) return refuse(reply, new StudyError('NOT_FOUND'))
    const { studyKind } = material.document
    const name = `${studyKind === 'real' ? '' : `${studyKind}-`}${asked.studyCode}-${context.resultHash.slice(0, 8)}-${language}-${answer.name}`
    return await reply
      .header('cache-control', 'private, no-store')
      .header('content-type', answer.mediaType)
      .header('content-disposition', `attachment; filename="${name}"`)
      .header('x-facetgrade-sha256', createHash('sha256').update(file).digest('hex'))
      .send(Buffer.from(file))
  } catch (error) {
    if (error instanceof StudyError) return refuse(reply, error)
    throw error
  }
}

function refuse(reply: FastifyReply, error: StudyError): FastifyReply {
  const status = getHTTPStatusCodeFromError(new TRPCError({ code: TRPC_CODE[error.code] }))
  return reply.status(status).header('cache-control', 'no-store').send({ code: error.code })
}
