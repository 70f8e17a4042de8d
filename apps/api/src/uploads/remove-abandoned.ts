import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** An upload that nobody went on with for so long is begun anew. */
const ABANDONED_MS = 7 * 24 * 3600 * 1000

/** Halves of uploads, and what is known of them, that have not been touched for a week. */
export async function removeAbandoned(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    const entry = await stat(path).catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined // finished meanwhile
      throw error
    })
    if (entry?.isFile() && Date.now() - entry.mtimeMs > ABANDONED_MS) await rm(path, { force: true })
  }
}
