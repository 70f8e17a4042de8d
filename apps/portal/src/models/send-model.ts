import { z } from 'zod'

/** The server's answer to a model that was sent, whatever it judged. */
const Registered = z.object({
  modelId: z.uuid(),
  title: z.string().nullable(),
  state: z.enum(['registered', 'refused']),
})
export type Registered = z.infer<typeof Registered>

const Shipped = z.array(
  z.object({ id: z.string(), title: z.string(), kind: z.enum(['grader', 'localiser']), isSyntheticOnly: z.boolean() }),
)
export type ShippedModel = z.infer<typeof Shipped>[number]

const Refusal = z.object({ code: z.string() })

/** The server did not take it; `code` says why. */
export class ModelNotTaken extends Error {
  readonly code: string
  constructor(code: string) {
    super(code)
    this.code = code
  }
}

/** Of a manifest, what must be known to send it; the server reads all of it. */
const NamesFiles = z.object({
  networks: z.array(z.object({ file: z.string() })),
  training: z.object({ pixelHashes: z.object({ file: z.string() }) }),
})

const MANIFEST = 'manifest.json'
const CARD = 'card.md'

/** Sends every file of a model's folder under its hash, then the manifest; `onFile` counts what has arrived. */
export async function sendModel(
  studyCode: string,
  files: readonly File[],
  onFile: (done: number, total: number) => void,
): Promise<Registered> {
  const named = (name: string) => files.find((file) => file.name === name)
  const manifest = named(MANIFEST)
  if (!manifest) throw new ModelNotTaken('NO_MANIFEST')
  const text = await manifest.text()
  const others = [...namedFiles(text)].flatMap((name) => named(name) ?? [])
  const sent: { name: string; sha256: string }[] = []
  onFile(0, others.length)
  for (const file of others) {
    const bytes = await file.arrayBuffer()
    const sha256 = hex(await crypto.subtle.digest('SHA-256', bytes))
    await asked(`/api/models/${studyCode}/files/${sha256}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/octet-stream' },
      body: bytes,
    })
    sent.push({ name: file.name, sha256 })
    onFile(sent.length, others.length)
  }
  const card = named(CARD)
  return Registered.parse(
    await asked(`/api/models/${studyCode}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ manifest: text, card: card ? await card.text() : null, files: sent }),
    }),
  )
}

export const shippedModels = async (studyCode: string): Promise<ShippedModel[]> =>
  Shipped.parse(await asked(`/api/models/${studyCode}/shipped`))

export const registerShipped = async (studyCode: string, id: string): Promise<Registered> =>
  Registered.parse(await asked(`/api/models/${studyCode}/shipped/${id}`, { method: 'POST' }))

/** None where the manifest does not read: the server refuses it, and says so. */
function namedFiles(manifest: string): Set<string> {
  try {
    const { networks, training } = NamesFiles.parse(JSON.parse(manifest))
    return new Set([...networks.map(({ file }) => file), training.pixelHashes.file])
  } catch {
    return new Set()
  }
}

const hex = (digest: ArrayBuffer): string =>
  Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')

async function asked(path: string, init?: RequestInit): Promise<unknown> {
  const response = await fetch(path, init).catch(() => undefined)
  if (!response) throw new ModelNotTaken('UNREACHABLE')
  const body: unknown = await response.json().catch(() => undefined)
  if (response.ok) return body
  const refusal = Refusal.safeParse(body)
  throw new ModelNotTaken(refusal.success ? refusal.data.code : 'UNEXPECTED')
}
