import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ModelManifest } from '@facetgrade/inference/model-manifest'

const MODELS = join(import.meta.dirname, '..', '..', '..', '..', 'models')

export type ShippedModel = {
  readonly id: string
  readonly title: string
  readonly kind: 'grader' | 'localiser'
  readonly isSyntheticOnly: boolean
  readonly folder: string
  /** Its files beside manifest and card, as the manifest names them. */
  readonly files: readonly string[]
}

/** The models in the repository. They are judged like any other when they are registered. */
export async function readShippedModels(): Promise<ShippedModel[]> {
  const folders = (await readdir(MODELS, { withFileTypes: true })).filter((entry) => entry.isDirectory())
  const found = await Promise.all(
    folders.map(async ({ name }): Promise<ShippedModel[]> => {
      const folder = join(MODELS, name)
      if (!existsSync(join(folder, 'manifest.json'))) return []
      const { id, title, kind, syntheticOnly, networks, training } = ModelManifest.parse(
        JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')),
      )
      return [
        {
          id,
          title,
          kind,
          isSyntheticOnly: syntheticOnly,
          folder,
          files: [...networks.map(({ file }) => file), training.pixelHashes.file],
        },
      ]
    }),
  )
  return found.flat().toSorted((a, b) => (a.id < b.id ? -1 : 1))
}
