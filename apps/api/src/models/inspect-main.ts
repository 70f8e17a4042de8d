import { openBlobFolder } from '@facetgrade/storage/blob-store'
import type { InspectedModel } from '@facetgrade/study/models/register-model'
import type { ToInspect } from './inspect-message.ts'
import { inspectUpload } from './inspect-upload.ts'

// A process of its own (inspect-model-files.ts): networks of strangers are parsed here, and it is killed when they hurt.
process.on('disconnect', () => process.exit(0))
process.once('message', (asked: ToInspect) => {
  inspect(asked).then(
    (inspected) => process.send?.(inspected, () => process.exit(0)),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
      process.exit(1)
    },
  )
})

/** Networks of a model without a problem are kept where workers find them; which of those may run the database says. */
async function inspect({ manifest, card, files, folders }: ToInspect): Promise<InspectedModel> {
  const uploads = await openBlobFolder(folders.uploads)
  const hashes = new Map(files.map(({ name, sha256 }) => [name, sha256]))
  const inspected = await inspectUpload({
    manifest,
    card,
    file: async (name) => {
      const hash = hashes.get(name)
      return hash !== undefined && (await uploads.has(hash)) ? uploads.get(hash) : undefined
    },
  })
  if (inspected.problems.length === 0) {
    const models = await openBlobFolder(folders.models)
    for (const { sha256 } of inspected.networks) await models.put([await uploads.get(sha256)])
  }
  return inspected
}
