import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { StudyCode } from '@facetgrade/grading/study-code'
import { openBlobFolder, StorageFullError } from '@facetgrade/storage/blob-store'
import { REGISTRARS, registerModel } from '@facetgrade/study/models/register-model'
import { actorIn, type RequestContext, type StudyActor } from '@facetgrade/study/procedure'
import { TRPC_CODE } from '@facetgrade/study/refusals'
import { StudyError } from '@facetgrade/study/study-error'
import { TRPCError } from '@trpc/server'
import { getHTTPStatusCodeFromError } from '@trpc/server/http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Host } from '../host.ts'
import { inspectModelFiles } from './inspect-model-files.ts'
import { readShippedModels } from './shipped-models.ts'

const MIB = 1024 * 1024
/** The shipped models have 15 MB together; a network of another maker may be a good deal larger. */
const MAX_FILE_BYTES = 512 * MIB
const MAX_DOCUMENT_BYTES = 8 * MIB
const COPIES = 2

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const Study = z.object({ studyCode: StudyCode })
const FileAt = Study.extend({ sha256: Sha256 })
const ShippedAt = Study.extend({ id: z.string().regex(/^[a-z0-9-]{1,48}$/) })
const Brought = z.strictObject({
  manifest: z.string().max(MAX_DOCUMENT_BYTES),
  card: z.string().max(MAX_DOCUMENT_BYTES).nullable(),
  files: z.array(z.strictObject({ name: z.string().min(1).max(80), sha256: Sha256 })).max(8),
})

/**
 * How a model comes in: its files one by one under their hash, then the manifest that names them. Nothing that was sent can
 * run before it is registered: until then it lies apart from what workers read, and leaves it when it was judged.
 */
export async function modelRoutes(app: FastifyInstance, host: Host): Promise<void> {
  const data = host.environment.FACETGRADE_DATA
  const folders = { uploads: join(data, 'model-uploads'), models: join(data, 'models') }

  const register = async (context: RequestContext, actor: StudyActor, brought: z.infer<typeof Brought>) => {
    const inspected = await inspectModelFiles({ ...brought, folders })
    const model = await context.open(actor, (wall) => registerModel({ ...wall, actor }, inspected))
    const uploads = await openBlobFolder(folders.uploads)
    for (const { sha256 } of brought.files) await uploads.remove(sha256)
    const { manifest: _manifest, card: _card, ...row } = model
    return row
  }

  app.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload))

  app.put('/api/models/:studyCode/files/:sha256', { bodyLimit: MAX_FILE_BYTES }, (request, reply) =>
    answering(reply, async () => {
      const { studyCode, sha256 } = paramsOf(FileAt, request)
      await registrar(host, request, studyCode)
      const uploads = await openBlobFolder(folders.uploads)
      await uploads.assertRoom(Number(request.headers['content-length'] ?? 0) * COPIES)
      if (!(request.body instanceof Readable)) return reply.code(400).send({ code: 'UPLOAD_MALFORMED' })
      const { hash } = await uploads.receive(atMost(request.body))
      if (hash === sha256) return { sha256 }
      await uploads.remove(hash)
      return reply.code(400).send({ code: 'HASH_DIFFERS' })
    }),
  )

  app.post('/api/models/:studyCode', { bodyLimit: MAX_DOCUMENT_BYTES * COPIES }, (request, reply) =>
    answering(reply, async () => {
      const { studyCode } = paramsOf(Study, request)
      const { context, actor } = await registrar(host, request, studyCode)
      const brought = Brought.safeParse(request.body)
      if (!brought.success) return reply.code(400).send({ code: 'UPLOAD_MALFORMED' })
      return register(context, actor, brought.data)
    }),
  )

  /** What the product brings with it: registered by name, without sending anything. */
  app.get('/api/models/:studyCode/shipped', (request, reply) =>
    answering(reply, async () => {
      await registrar(host, request, paramsOf(Study, request).studyCode)
      const shipped = await readShippedModels()
      return shipped.map(({ id, title, kind, isSyntheticOnly }) => ({ id, title, kind, isSyntheticOnly }))
    }),
  )

  app.post('/api/models/:studyCode/shipped/:id', (request, reply) =>
    answering(reply, async () => {
      const { studyCode, id } = paramsOf(ShippedAt, request)
      const { context, actor } = await registrar(host, request, studyCode)
      const shipped = (await readShippedModels()).find((candidate) => candidate.id === id)
      if (!shipped) throw new StudyError('NOT_FOUND')
      const uploads = await openBlobFolder(folders.uploads)
      const names = shipped.files
      const bytes = await Promise.all(names.map((name) => readFile(join(shipped.folder, name))))
      const hashes = await uploads.put(bytes)
      return register(context, actor, {
        manifest: await readFile(join(shipped.folder, 'manifest.json'), 'utf8'),
        card: await readFile(join(shipped.folder, 'card.md'), 'utf8'),
        files: names.map((name, index) => ({ name, sha256: hashes[index] ?? '' })),
      })
    }),
  )
}

class TooLargeError extends Error {}

async function* atMost(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0
  for await (const chunk of chunks) {
    bytes += chunk.length
    if (bytes > MAX_FILE_BYTES) throw new TooLargeError()
    yield chunk
  }
}

/** Someone else's study and an absent one are refused alike, and so is whoever may not register. */
async function registrar(
  host: Host,
  request: FastifyRequest,
  studyCode: string,
): Promise<{ context: RequestContext; actor: StudyActor }> {
  const context = await host.contextOf(request)
  if (!context.session) throw new StudyError('SIGNED_OUT')
  if (!context.session.hasSecondFactor) throw new StudyError('SECOND_FACTOR_REQUIRED')
  return { context, actor: await actorIn(context, context.session, studyCode, REGISTRARS) }
}

function paramsOf<T>(schema: z.ZodType<T>, request: FastifyRequest): T {
  const params = schema.safeParse(request.params)
  if (!params.success) throw new StudyError('NOT_FOUND')
  return params.data
}

async function answering(reply: FastifyReply, work: () => Promise<unknown>): Promise<FastifyReply> {
  reply.header('cache-control', 'no-store')
  try {
    const answer = await work()
    return reply.sent ? reply : await reply.send(answer)
  } catch (error) {
    if (error instanceof StudyError) {
      const status = getHTTPStatusCodeFromError(new TRPCError({ code: TRPC_CODE[error.code] }))
      return reply.code(status).send({ code: error.code })
    }
    if (error instanceof StorageFullError) return reply.code(507).send({ code: 'STORAGE_FULL' })
    if (error instanceof TooLargeError) return reply.code(413).send({ code: 'FILE_TOO_LARGE' })
    throw error
  }
}
