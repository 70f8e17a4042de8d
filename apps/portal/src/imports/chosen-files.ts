import { archiveEntries, blobChunks } from '@facetgrade/dicom/archive'
import { archiveFiles, type SourceFile } from '@facetgrade/dicom/import-sender'

/** What the person chose, not yet read: one archive, or the files of folders. Paths serve to recognise the folder again. */
export type Chosen = { kind: 'archive'; file: File } | { kind: 'files'; files: readonly { path: string; file: File }[] }

export const chosenSize = (chosen: Chosen): { files: number | null; bytes: number } =>
  chosen.kind === 'archive'
    ? { files: null, bytes: chosen.file.size }
    : { files: chosen.files.length, bytes: chosen.files.reduce((sum, { file }) => sum + file.size, 0) }

export function chosenFromInput(list: FileList): Chosen | undefined {
  const files = [...list].map((file) => ({ path: file.webkitRelativePath || file.name, file }))
  return chosenOf(files)
}

/** Dropped files and folders with all their sub-folders. Call while the drop event is being handled. */
export async function chosenFromDrop(items: DataTransferItemList): Promise<Chosen | undefined> {
  const entries = [...items].flatMap((item) => item.webkitGetAsEntry() ?? [])
  return chosenOf((await Promise.all(entries.map(filesOf))).flat())
}

function chosenOf(files: readonly { path: string; file: File }[]): Chosen | undefined {
  const [only] = files
  if (!only) return undefined
  if (files.length === 1 && /\.(zip|tar|tgz|tar\.gz)$/i.test(only.file.name))
    return { kind: 'archive', file: only.file }
  return { kind: 'files', files }
}

const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory
const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile

async function filesOf(entry: FileSystemEntry): Promise<{ path: string; file: File }[]> {
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject))
    return [{ path: entry.fullPath.replace(/^\//, ''), file }]
  }
  if (!isFolder(entry)) return []
  const reader = entry.createReader()
  const found: { path: string; file: File }[] = []
  for (;;) {
    // A browser gives a folder in portions of a hundred; the empty one is the last.
    const portion = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (portion.length === 0) return found
    for (const child of portion) found.push(...(await filesOf(child)))
  }
}

export async function sourceFilesOf(chosen: Chosen): Promise<SourceFile[]> {
  if (chosen.kind === 'archive') return archiveFiles(() => archiveEntries(blobChunks(chosen.file)))
  return chosen.files.map(({ path, file }) => ({
    name: path.normalize('NFC'),
    size: file.size,
    read: async () => new Uint8Array(await file.arrayBuffer()),
  }))
}
