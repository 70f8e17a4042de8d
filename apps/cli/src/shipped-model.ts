import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inspectModel } from '@facetgrade/inference/inspect-model'
import { ModelManifest, modelHash } from '@facetgrade/inference/model-manifest'
import { readJsonFile } from './json-file.ts'
import { RefusedError } from './refusal.ts'

const MODELS = join(import.meta.dirname, '..', '..', '..', 'models')

export type ModelOnDisk = {
  readonly manifest: ModelManifest
  readonly hash: string
  readonly files: ReadonlyMap<string, Uint8Array>
}

/**
 * A model by its id among the shipped ones, or by the folder that holds its manifest, checked as strictly as a
 * registration checks it.
 *
 * @throws {RefusedError} MODEL_UNKNOWN, MANIFEST_INVALID, MODEL_REFUSED
 */
export async function modelOnDisk(idOrFolder: string): Promise<ModelOnDisk> {
  const folder = shippedIds().includes(idOrFolder) ? join(MODELS, idOrFolder) : idOrFolder
  const parsed = ModelManifest.safeParse(manifestIn(folder, idOrFolder))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new RefusedError(
      'MANIFEST_INVALID',
      `The manifest of ${idOrFolder} is not one: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`,
    )
  }
  const manifest = parsed.data
  const files = new Map<string, Uint8Array>()
  for (const { file } of manifest.networks) {
    const bytes = await readFile(join(folder, file)).catch(() => undefined)
    if (bytes) files.set(file, bytes)
  }
  const [problem] = inspectModel(manifest, files)
  if (problem)
    throw new RefusedError('MODEL_REFUSED', `${idOrFolder} cannot be run: ${problem.code} ${problem.at ?? ''}`)
  return { manifest, hash: modelHash((text) => createHash('sha256').update(text).digest('hex'), manifest), files }
}

function manifestIn(folder: string, name: string): unknown {
  try {
    return readJsonFile(join(folder, 'manifest.json'))
  } catch (error) {
    if (!(error instanceof RefusedError) || error.code !== 'FILE_MISSING') throw error
    const ids = shippedIds().join(', ') || 'none'
    throw new RefusedError(
      'MODEL_UNKNOWN',
      `There is no model ${name}. Shipped: ${ids}. A folder with a manifest.json will do too.`,
    )
  }
}

/** Ids of the shipped models. */
export const shippedIds = (): string[] =>
  readdirSync(MODELS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'training')
    .map(({ name }) => name)
    .toSorted()
