import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { ModelKind, ModelProblem } from '@facetgrade/grading/model-problem'
import { STUDY_ERROR_CODES } from '@facetgrade/study/study-error'
import { z } from 'zod'
import type { CliContext } from './cli-context.ts'
import { RefusedError } from './refusal.ts'
import { refusalSentence } from './refusal-sentences.ts'

/** Of a manifest, what must be known to send it; the server reads all of it. */
const NamesFiles = z.object({
  networks: z.array(z.object({ file: z.string() })).catch([]),
  training: z
    .object({ pixelHashes: z.object({ file: z.string() }) })
    .nullish()
    .catch(null),
})

export const RegisteredModel = z.object({
  modelId: z.uuid(),
  slug: z.string().nullable(),
  title: z.string().nullable(),
  kind: ModelKind.nullable(),
  hash: z.string(),
  state: z.enum(['registered', 'refused']),
  problems: z.array(ModelProblem),
  isSyntheticOnly: z.boolean(),
  isOtherData: z.boolean(),
})
export type RegisteredModel = z.infer<typeof RegisteredModel>

/** Sends a model's folder: each file under its hash, then the manifest that names them. The server judges all of it. */
export async function sendModel(
  context: CliContext,
  { folder, studyCode }: { folder: string; studyCode: string },
): Promise<RegisteredModel> {
  const manifestPath = join(folder, 'manifest.json')
  if (!existsSync(manifestPath))
    throw new RefusedError('FILE_MISSING', `${manifestPath} is not there: name the model's folder.`)
  const manifest = readFileSync(manifestPath, 'utf8')
  const cardPath = join(folder, 'card.md')
  const names = namedFiles(manifest).filter(
    (name) => /^[a-z0-9][a-z0-9._-]*$/.test(name) && existsSync(join(folder, name)),
  )
  const progress = context.progress({ total: names.length, unit: 'files' })
  const files: { name: string; sha256: string }[] = []
  for (const name of names) {
    const sha256 = await hashOf(join(folder, name))
    const stream = Readable.toWeb(createReadStream(join(folder, name)))
    await asked(context, `/api/models/${studyCode}/files/${sha256}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/octet-stream' },
      body: stream as ReadableStream, // the same streams under two names
      duplex: 'half',
    } as RequestInit)
    files.push({ name, sha256 })
    progress.at(files.length, name)
  }
  progress.end()
  const card = existsSync(cardPath) ? readFileSync(cardPath, 'utf8') : null
  return RegisteredModel.parse(
    await asked(context, `/api/models/${studyCode}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ manifest, card, files }),
    }),
  )
}

function namedFiles(manifest: string): string[] {
  try {
    const parsed = NamesFiles.safeParse(JSON.parse(manifest))
    if (!parsed.success) return []
    const { networks, training } = parsed.data
    return [...new Set([...networks.map(({ file }) => file), ...(training ? [training.pixelHashes.file] : [])])]
  } catch {
    return [] // the server refuses it, and says so
  }
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer) // a stream without encoding gives buffers
  return hash.digest('hex')
}

const Refusal = z.object({ code: z.string() })
const StudyRefusal = z.enum(STUDY_ERROR_CODES)
const SENTENCES: Readonly<Record<string, string>> = {
  FILE_TOO_LARGE: 'A file of the model is larger than the server takes (512 MiB).',
  HASH_DIFFERS: 'A file changed while it was sent. Try again.',
  STORAGE_FULL: 'The server has too little room left.',
}

async function asked(context: CliContext, path: string, init: RequestInit): Promise<unknown> {
  const headers = { ...(init.headers as Record<string, string>), authorization: `Bearer ${context.token()}` }
  const response = await fetch(new URL(path, context.address()), { ...init, headers })
  const body: unknown = await response.json().catch(() => undefined)
  if (response.ok) return body
  const refused = Refusal.safeParse(body)
  if (!refused.success) throw new Error(`the server answered ${response.status}`)
  const { code } = refused.data
  const known = StudyRefusal.safeParse(code)
  throw new RefusedError(code, known.success ? refusalSentence(known.data) : (SENTENCES[code] ?? 'The server refused.'))
}
