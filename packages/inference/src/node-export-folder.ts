import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type NpyType, type NpyWriter, openNpy } from './node-npy-writer.ts'

/** Lines are gathered to this number before they are written. */
const LINES_AT_ONCE = 1000

type ArrayFile = NpyWriter & { readonly kind: 'array' }
type TextFile = { readonly kind: 'text'; readonly file: FileHandle; lines: string[]; rows: number }

export type WrittenFiles = {
  /** Rows of each array and table by path. */
  readonly rows: ReadonlyMap<string, number>
  /** Every file by path: SHA-256 and size. */
  readonly files: Readonly<Record<string, { sha256: string; bytes: number }>>
}

/** A folder of arrays and tables that grow row by row in constant memory. */
export type ExportFolder = {
  array(
    path: string,
    of: { type: NpyType; shape: readonly number[] },
    row: Parameters<NpyWriter['add']>[0],
  ): Promise<void>
  /** A row of a table; its first column counts from 0. Codes, numbers and hashes alone: nothing here needs quoting. */
  line(path: string, columns: string, fields: readonly (string | number)[]): Promise<void>
  /** Closes every file, adds `texts`, and hashes all of it. */
  finish(texts: Readonly<Record<string, string>>): Promise<WrittenFiles>
  /** Closes and removes everything. */
  abandon(): Promise<void>
}

export async function openExportFolder(folder: string): Promise<ExportFolder> {
  await mkdir(folder, { recursive: true })
  const open = new Map<string, ArrayFile | TextFile>()
  const pathOf = async (name: string): Promise<string> => {
    const path = join(folder, name)
    await mkdir(dirname(path), { recursive: true })
    return path
  }
  return {
    async array(name, { type, shape }, row) {
      let file = open.get(name)
      if (file?.kind !== 'array') {
        file = { kind: 'array', ...(await openNpy(await pathOf(name), type, shape)) }
        open.set(name, file)
      }
      await file.add(row)
    },
    async line(name, columns, fields) {
      let file = open.get(name)
      if (file?.kind !== 'text') {
        file = await openText(await pathOf(name), columns)
        open.set(name, file)
      }
      file.lines.push([file.rows, ...fields].join(','))
      file.rows += 1
      if (file.lines.length >= LINES_AT_ONCE) await flush(file)
    },
    async finish(texts) {
      const rows = new Map<string, number>()
      for (const [name, file] of open) rows.set(name, file.kind === 'array' ? await file.finish() : await close(file))
      const names = [...open.keys(), ...Object.keys(texts)]
      open.clear()
      for (const [name, text] of Object.entries(texts)) await writeFile(await pathOf(name), text, { flag: 'wx' })
      const files: Record<string, { sha256: string; bytes: number }> = {}
      for (const name of names.toSorted()) {
        const path = join(folder, name)
        files[name] = { sha256: await hashOf(path), bytes: (await stat(path)).size }
      }
      return { rows, files }
    },
    async abandon() {
      await Promise.allSettled(
        [...open.values()].map((file) => (file.kind === 'array' ? file.abandon() : file.file.close())),
      )
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function openText(path: string, columns: string): Promise<TextFile> {
  return { kind: 'text', file: await open(path, 'wx'), lines: [columns], rows: 0 }
}

async function flush(to: TextFile): Promise<void> {
  if (to.lines.length === 0) return
  await to.file.write(`${to.lines.join('\n')}\n`)
  to.lines = []
}

async function close(file: TextFile): Promise<number> {
  await flush(file)
  await file.file.datasync()
  await file.file.close()
  return file.rows
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(chunk as Uint8Array)
  return hash.digest('hex')
}
