import { type PackEntry, readPack } from '@facetgrade/dicom/pack'
import { Refusal } from '@facetgrade/dicom/refusal'
import type { JobPayload } from '@facetgrade/jobs/catalog'
import type { CheckedFile } from '@facetgrade/study/imports/judge-file'
import { abandonPack, recordPack } from '@facetgrade/study/imports/record-pack'
import type { WorkerContext } from '../worker-context.ts'

/**
 * Checks every file of a pack without a key, stores the clean ones and takes them in. May be killed anywhere: blobs are
 * the same however often they are put, and the rest is one transaction.
 */
export async function importPack(ctx: WorkerContext, place: JobPayload<'import.pack'>): Promise<void> {
  const { studyId, importId, packIndex } = place
  const at = await ctx.asSystemIn(studyId, async ({ stores }) => {
    const row = await stores.imports.find(importId)
    const packs = await stores.imports.packs(importId)
    const pack = packs.find((candidate) => candidate.packIndex === packIndex)
    return row && pack ? { ...pack, keyFingerprint: row.keyFingerprint } : undefined
  })
  if (!at) throw new Error('a job for a pack that is not there')
  if (!at.isDone) {
    const entries = entriesOf(await ctx.packs.get(at.blobHash))
    const files = await Promise.all(entries.map((entry) => check(ctx, entry, at.keyFingerprint)))
    await storeClean(ctx, entries, files)
    await ctx.asSystemIn(studyId, (wall) => recordPack(wall, place, files))
  }
  await ctx.packs.remove(at.blobHash)
}

/** After the last attempt: the import must end, and its ledger say which files were not taken. The upload is kept. */
export async function giveUpPack(ctx: WorkerContext, place: JobPayload<'import.pack'>): Promise<void> {
  ctx.log.error({ ...place }, 'a pack was given up after its last attempt; its upload is kept')
  await ctx.asSystemIn(place.studyId, (wall) => abandonPack(wall, place))
}

/** A damaged pack has no files that could be told apart; each gets its line when the import is closed. */
function entriesOf(pack: Uint8Array<ArrayBuffer>): PackEntry[] {
  try {
    return readPack(pack)
  } catch (error) {
    if (error instanceof Refusal) return []
    throw error
  }
}

async function check(ctx: WorkerContext, entry: PackEntry, keyFingerprint: string): Promise<CheckedFile> {
  const checked = await ctx.parsing.verify(entry.bytes, { keyFingerprint })
  return { index: entry.index, envelope: entry.envelope, checked }
}

async function storeClean(
  ctx: WorkerContext,
  entries: readonly PackEntry[],
  files: readonly CheckedFile[],
): Promise<void> {
  const clean = entries.filter((_, index) => files[index]?.checked.outcome === 'clean').map((entry) => entry.bytes)
  await ctx.blobs.assertRoom(clean.reduce((sum, bytes) => sum + bytes.length, 0))
  await ctx.blobs.put(clean)
}
