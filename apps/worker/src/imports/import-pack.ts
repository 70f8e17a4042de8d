import type { Place } from '@facetgrade/dicom/node-parse-task'
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
    const files = await checkAndStore(ctx, at.blobHash, at.keyFingerprint)
    await ctx.asSystemIn(studyId, (wall) => recordPack(wall, place, files))
  }
  await ctx.packs.remove(at.blobHash)
}

/** After the last attempt: the import must end, and its ledger say which files were not taken. The upload is kept. */
export async function giveUpPack(ctx: WorkerContext, place: JobPayload<'import.pack'>): Promise<void> {
  ctx.log.error({ ...place }, 'a pack was given up after its last attempt; its upload is kept')
  await ctx.asSystemIn(place.studyId, (wall) => abandonPack(wall, place))
}

/**
 * What each file of the pack is, the clean ones stored. The bytes go to one worker and come back; a file that kills the
 * worker is refused, and the pack is read again for the files behind it.
 */
async function checkAndStore(ctx: WorkerContext, blobHash: string, keyFingerprint: string): Promise<CheckedFile[]> {
  // Unchecked as a whole: each file in it is compared byte for byte with what the allow-list would write.
  let pack = await ctx.packs.getUnchecked(blobHash)
  const entries = entriesOf(pack)
  const start = pack.byteOffset
  let waiting = entries.map(({ index, envelope, bytes }) => {
    return { index, envelope, place: { offset: bytes.byteOffset - start, length: bytes.length } }
  })
  const files: CheckedFile[] = []
  while (waiting.length > 0) {
    const places = waiting.map(({ place }) => place)
    const { outcomes, bytes } = await ctx.parsing.verify(pack, { places, keyFingerprint })
    pack = bytes ?? (await ctx.packs.getUnchecked(blobHash))
    const answered = outcomes.flatMap((checked, at) => {
      const entry = waiting[at]
      return entry ? [{ ...entry, checked }] : []
    })
    await storeClean(ctx, pack, answered)
    files.push(...answered.map(({ index, envelope, checked }) => ({ index, envelope, checked })))
    waiting = waiting.slice(answered.length)
  }
  return files
}

type Answered = { checked: CheckedFile['checked']; place: Place }

async function storeClean(ctx: WorkerContext, pack: Uint8Array, files: readonly Answered[]): Promise<void> {
  const clean = files.flatMap(({ checked, place }) =>
    checked.outcome === 'clean'
      ? [{ hash: checked.contentHash, bytes: pack.subarray(place.offset, place.offset + place.length) }]
      : [],
  )
  await ctx.blobs.assertRoom(clean.reduce((sum, { bytes }) => sum + bytes.length, 0))
  await ctx.blobs.keep(clean)
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
