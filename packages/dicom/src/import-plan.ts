import { bytesToHex } from '@noble/hashes/utils.js'
import { PACK_BYTES } from './pack.ts'
import type { StudyKey } from './study-key.ts'

/** Caps the manifest of a pack of tiny files. */
const PACK_FILES = 1000

export type FileOnDisk = { name: string; size: number }
export type PlannedFile<F extends FileOnDisk> = { index: number; file: F }
export type ImportPlan<F extends FileOnDisk> = { fileCount: number; packs: readonly (readonly PlannedFile<F>[])[] }

/**
 * Which file has which ledger line (`index`, from 0) and travels in which pack. From names and sizes alone, in the order
 * of the names by code unit, so that the same folder gives the same plan and an interrupted import goes on where it was.
 */
export function planImport<F extends FileOnDisk>(files: readonly F[]): ImportPlan<F> {
  const sorted = files.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  const packs: PlannedFile<F>[][] = []
  let bytes = 0
  for (const [index, file] of sorted.entries()) {
    const pack = packs.at(-1)
    if (pack === undefined || pack.length >= PACK_FILES || bytes + file.size > PACK_BYTES) {
      packs.push([{ index, file }])
      bytes = file.size
    } else {
      pack.push({ index, file })
      bytes += file.size
    }
  }
  return { fileCount: sorted.length, packs }
}

/** Keyed digest of names and sizes: the server can tell that a folder comes again, and nothing else. */
export function rosterMac(key: StudyKey, files: readonly FileOnDisk[]): string {
  const roster = planImport(files)
    .packs.flat()
    .map(({ file }) => [file.name, file.size])
  return bytesToHex(key.mac('import-roster', JSON.stringify(roster)))
}
