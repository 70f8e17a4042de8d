import { createInterface } from 'node:readline'
import { PassThrough, Readable } from 'node:stream'
import { compareBundles } from '@facetgrade/bundle/compare-tables'
import { zipWriter } from '@facetgrade/bundle/zip'
import { StudyCode } from '@facetgrade/grading/study-code'
import type { BlobStore } from '@facetgrade/storage/blob-store'
import { bundleName, type OpenBundle, openBundle } from '@facetgrade/study/export/bundle-file'
import { StudyError } from '@facetgrade/study/study-error'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { shelfOf } from '../cases/send-frame.ts'
import type { Host } from '../host.ts'
import { orRefusal } from './export-refusal.ts'

const Place = z.object({ studyCode: StudyCode, bundleId: z.uuid() })
const FilePlace = Place.extend({ '*': z.string().regex(/^[A-Za-z0-9./-]{1,100}$/) })
const Pair = Place.extend({ otherId: z.uuid() })

/**
 * A finished bundle whole, file by file, and beside another one. Its files never change: what is fetched again is the
 * same, byte by byte. Every download is in the trail.
 */
export async function bundleRoutes(app: FastifyInstance, host: Host): Promise<void> {
  app.get('/api/exports/:studyCode/bundles/:bundleId/zip', (request, reply) =>
    orRefusal(reply, () => sendZip(host, request, reply)),
  )
  app.get('/api/exports/:studyCode/bundles/:bundleId/files/*', (request, reply) =>
    orRefusal(reply, () => sendFile(host, request, reply)),
  )
  app.get('/api/exports/:studyCode/bundles/:bundleId/compare/:otherId', (request, reply) =>
    orRefusal(reply, () => sendComparison(host, request, reply)),
  )
}

/** What compresses no further. */
const COMPRESSED = /\.(zip|xlsx|parquet)$/

async function sendZip(host: Host, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const place = parsed(Place, request)
  const opened = await openBundle(await host.contextOf(request), { ...place, taken: 'zip' })
  const blobs = await shelfOf(host).blobs()
  const name = bundleName(opened)
  const pipe = new PassThrough({ highWaterMark: 1024 * 1024 })
  writeZip({ opened, blobs, name, pipe }).catch((error: unknown) =>
    pipe.destroy(error instanceof Error ? error : new Error('zip')),
  )
  return reply.headers(download('application/zip', `${name}.zip`)).send(pipe)
}

type Zipped = { opened: OpenBundle; blobs: BlobStore; name: string; pipe: PassThrough }

async function writeZip({ opened, blobs, name, pipe }: Zipped): Promise<void> {
  const zip = zipWriter({
    write: async (bytes) => {
      if (pipe.destroyed) throw new Error('the client has left')
      if (!pipe.write(bytes)) await new Promise<void>((resolve) => pipe.once('drain', resolve).once('close', resolve))
    },
  })
  const add = async (file: string, content: AsyncIterable<Uint8Array>): Promise<void> => {
    const entry = zip.open(`${name}/${file}`, COMPRESSED.test(file))
    for await (const piece of content) await entry.write(piece)
    await entry.close()
  }
  await add('manifest.json', Readable.from([Buffer.from(opened.manifestText)]))
  for (const file of opened.manifest.files) await add(file.name, blobs.stream(file.sha256))
  await zip.end()
  pipe.end()
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  xml: 'application/xml',
  zip: 'application/zip',
  txt: 'text/plain; charset=utf-8',
}

async function sendFile(host: Host, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { '*': name, ...place } = parsed(FilePlace, request)
  const opened = await openBundle(await host.contextOf(request), { ...place, taken: name })
  const { manifest, manifestText } = opened
  const fileName = `${bundleName(opened)}-${name.replaceAll('/', '-')}`
  const headers = download(MEDIA_TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream', fileName)
  if (name === 'manifest.json') return reply.headers(headers).send(manifestText)
  const file = manifest.files.find((candidate) => candidate.name === name)
  if (!file) throw new StudyError('NOT_FOUND')
  const blobs = await shelfOf(host).blobs()
  return reply.headers({ ...headers, 'content-length': file.bytes }).send(blobs.stream(file.sha256))
}

async function sendComparison(host: Host, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { otherId, studyCode, bundleId } = parsed(Pair, request)
  const context = await host.contextOf(request)
  const first = await openBundle(context, { studyCode, bundleId, taken: `compared with ${otherId}` })
  const second = await openBundle(context, { studyCode, bundleId: otherId, taken: `compared with ${bundleId}` })
  const blobs = await shelfOf(host).blobs()
  const lines = ({ sha256 }: { sha256: string }) =>
    createInterface({ input: blobs.stream(sha256), crlfDelay: Number.POSITIVE_INFINITY })
  const difference = await compareBundles(first.manifest, second.manifest, lines)
  return reply.header('cache-control', 'private, no-store').send(difference)
}

const download = (mediaType: string, fileName: string) => ({
  'cache-control': 'private, no-store',
  'content-type': mediaType,
  'content-disposition': `attachment; filename="${fileName}"`,
})

function parsed<Schema extends z.ZodType>(schema: Schema, request: FastifyRequest): z.infer<Schema> {
  const params = schema.safeParse(request.params)
  if (!params.success) throw new StudyError('NOT_FOUND')
  return params.data
}
