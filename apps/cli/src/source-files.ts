import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, sep } from 'node:path'
import { ARCHIVE_START, archiveEntries, archiveKind } from '@facetgrade/dicom/archive'
import { archiveFiles, type SourceFile } from '@facetgrade/dicom/import-sender'
import { refused } from '@facetgrade/dicom/outcome-codes'
import { RefusedError } from './refusal.ts'

const READS_AT_ONCE = 16

/**
 * The files of a folder (with its sub-folders; links are not followed), of a disc by its DICOMDIR, of a zip, tar or tar.gz,
 * or one file.
 *
 * @throws {RefusedError} SOURCE_MISSING, SOURCE_EMPTY
 */
export async function sourceFiles(path: string): Promise<SourceFile[]> {
  const entry = await stat(path).catch(() => {
    throw new RefusedError('SOURCE_MISSING', `${path} is not there or cannot be read.`)
  })
  // A disc's index stands for the disc: what it names lies beside it.
  const folder = entry.isDirectory() ? path : basename(path).toUpperCase() === 'DICOMDIR' ? dirname(path) : undefined
  const files = folder ? await folderFiles(folder) : isArchive(path) ? await filesIn(path) : oneFile(path)
  if (files.length === 0) throw new RefusedError('SOURCE_EMPTY', `${path} holds no files.`)
  return files
}

async function folderFiles(folder: string): Promise<SourceFile[]> {
  const limited = atMost(READS_AT_ONCE)
  const files: SourceFile[] = []
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const { size } = await stat(path)
    files.push({
      name: relative(folder, path).split(sep).join('/').normalize('NFC'),
      size,
      read: () => limited(() => readOrHold(path)),
    })
  }
  return files
}

const oneFile = (path: string): SourceFile[] => [
  { name: basename(path), size: statSync(path).size, read: () => readOrHold(path) },
]

const filesIn = (path: string): Promise<SourceFile[]> =>
  archiveFiles(() => archiveEntries(createReadStream(path, { highWaterMark: 4 * 1024 * 1024 })))

/** A file that the disk does not give is held like any other that cannot be processed. */
const readOrHold = async (path: string) => {
  try {
    const bytes = await readFile(path)
    // A plain view: slicing a Buffer would share what the parsers mean to copy.
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  } catch {
    return refused('UNEXPECTED')
  }
}

function isArchive(path: string): boolean {
  const start = Buffer.alloc(ARCHIVE_START)
  const file = openSync(path, 'r')
  try {
    return archiveKind(start.subarray(0, readSync(file, start))) !== null
  } finally {
    closeSync(file)
  }
}

/** Runs so many at once, the rest in order after them. */
function atMost(limit: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0
  const waiting: (() => void)[] = []
  return async (work) => {
    if (running >= limit) await new Promise<void>((next) => waiting.push(next))
    running += 1
    try {
      return await work()
    } finally {
      running -= 1
      waiting.shift()?.()
    }
  }
}
