import { createHash } from 'node:crypto'
import { type ModelProblem } from '@facetgrade/grading/model-problem'
import { inspectModel } from '@facetgrade/inference/inspect-model'
import { ModelManifest, modelHash } from '@facetgrade/inference/model-manifest'
import { NetworkRefused, openModel } from '@facetgrade/inference/open-model'
import type { InspectedModel } from '@facetgrade/study/models/register-model'
import { z } from 'zod'

/** A model as it was brought: its two texts, and its other files by name. */
export type BroughtModel = {
  readonly manifest: string
  /** Null: there was no card. */
  readonly card: string | null
  file(name: string): Promise<Uint8Array<ArrayBuffer> | undefined>
}

/** What is told of a manifest that breaks many rules. */
const MOST_PROBLEMS = 20
const PREFIX = /^[0-9a-f]{16}$/

const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex')

/** Reads a model as strictly as it will be run. Every problem is told, not the first alone; without one it may be allowed. */
export async function inspectUpload(brought: BroughtModel): Promise<InspectedModel> {
  const card = brought.card ?? ''
  const json = parsedJson(brought.manifest)
  const parsed = ModelManifest.safeParse(json)
  if (!parsed.success) {
    const problems: ModelProblem[] =
      json === undefined ? [{ code: 'MANIFEST_UNREADABLE', at: null }] : parsed.error.issues.map(problemOf)
    return {
      hash: sha256(brought.manifest),
      summary: null,
      manifest: null,
      card,
      networks: [],
      pixelPrefixes: [],
      problems: problems.slice(0, MOST_PROBLEMS),
    }
  }
  const manifest = parsed.data
  const problems: ModelProblem[] = brought.card === null ? [{ code: 'FILE_MISSING', at: 'card.md' }] : []
  const files = new Map<string, Uint8Array<ArrayBuffer>>()
  const { pixelHashes } = manifest.training
  for (const name of [...manifest.networks.map(({ file }) => file), pixelHashes.file]) {
    const bytes = await brought.file(name)
    if (bytes) files.set(name, bytes)
    else problems.push({ code: 'FILE_MISSING', at: name })
  }
  const pixels = files.get(pixelHashes.file)
  const pixelPrefixes = pixels ? prefixesOf(pixels, pixelHashes) : []
  if (pixelPrefixes === undefined) problems.push({ code: 'PIXEL_HASHES_INVALID', at: pixelHashes.file })
  if (manifest.networks.every(({ file }) => files.has(file))) problems.push(...inspectModel(manifest, files))
  if (problems.length === 0 && !(await opens(manifest, files))) problems.push({ code: 'CANNOT_RUN', at: null })
  return {
    hash: modelHash(sha256, manifest),
    summary: {
      slug: manifest.id,
      title: manifest.title,
      kind: manifest.kind,
      modalities: [...new Set(manifest.networks.map(({ modality }) => modality))],
      isSyntheticOnly: manifest.syntheticOnly,
      splitSeal: manifest.training.splitSeal,
      preprocessingVersion: String(manifest.training.preprocessing.version),
    },
    manifest: z.json().parse(json) as InspectedModel['manifest'],
    card,
    networks: manifest.networks.map(({ role, modality, sha256: hash, file }) => ({
      role,
      modality,
      sha256: hash,
      bytes: files.get(file)?.length ?? 0,
    })),
    pixelPrefixes: pixelPrefixes ?? [],
    problems: problems.slice(0, MOST_PROBLEMS),
  }
}

/** The last question is put to the runtime itself. */
async function opens(manifest: ModelManifest, files: ReadonlyMap<string, Uint8Array>): Promise<boolean> {
  try {
    const model = await openModel({ manifest, files, provider: 'cpu' })
    await model.release()
    return true
  } catch (error) {
    if (error instanceof NetworkRefused) return false
    throw error
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Whatever is missing under `training` is provenance: where the model comes from, and what it has seen. */
function problemOf({ path, message }: z.core.$ZodIssue): ModelProblem {
  const isProvenance = path[0] === 'training'
  return {
    code: isProvenance ? 'PROVENANCE_MISSING' : 'MANIFEST_INVALID',
    at: [path.join('.'), path.length === 0 ? message : ''].join('').slice(0, 200) || null,
  }
}

/** Undefined: the file is not what the manifest says. */
function prefixesOf(
  bytes: Uint8Array,
  { sha256: hash, count }: { sha256: string; count: number },
): string[] | undefined {
  if (sha256(bytes) !== hash) return undefined
  const lines = new TextDecoder().decode(bytes).trimEnd().split('\n')
  return lines.length === count && lines.every((line) => PREFIX.test(line)) ? lines : undefined
}
