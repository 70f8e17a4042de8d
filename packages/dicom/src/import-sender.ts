import { watchDemographics } from './demographics-watch.ts'
import { type FileOnDisk, type PlannedFile, planImport, rosterMac } from './import-plan.ts'
import { LIMITS } from './limits.ts'
import { type HeldCode, type Refused, type RejectedCode, refused } from './outcome-codes.ts'
import { type PackEntry, packParts } from './pack.ts'
import type { PseudonymiseOutcome } from './pseudonymised-file.ts'
import type { StudyKey } from './study-key.ts'

/** A file where the originals are. `read` is called at most once, in the order of names. */
export type SourceFile = FileOnDisk & { read(): Promise<Uint8Array<ArrayBuffer> | Refused> }

export type RefusedFile = { index: number; code: HeldCode | RejectedCode }

/** How the sender reaches the server and its own killable workers. Each may be called again with the same arguments. */
export type SenderPorts = {
  begin(of: { keyFingerprint: string; fileCount: number; rosterMac: string }): Promise<{
    importId: string
    resumed: boolean
    storedPacks: readonly number[]
  }>
  reportRefused(importId: string, files: readonly RefusedFile[]): Promise<unknown>
  /** Resolves when the server has acknowledged the pack. */
  upload(importId: string, packIndex: number, parts: readonly Uint8Array<ArrayBuffer>[]): Promise<void>
  finish(importId: string, packs: readonly number[]): Promise<{ missingPacks: readonly number[] }>
  pseudonymise(bytes: Uint8Array<ArrayBuffer>): Promise<PseudonymiseOutcome>
}

/** Files and original bytes that are answered for: acknowledged by the server, or refused here and reported. */
export type SenderProgress = { importId: string; files: number; bytes: number; refused: number }

const UPLOADS_AT_ONCE = 2
const SEND_AGAIN = 3

/**
 * The key-holder's side of an import: pseudonymises, packs and sends, never more than a few packs in memory. Begun again
 * after a cut it finds the unfinished import and sends only what is missing.
 *
 * @throws whatever a port throws, or the signal's reason; the import then stays open to be resumed
 */
export async function sendImport(
  of: {
    files: readonly SourceFile[]
    key: StudyKey
    signal?: AbortSignal
    onProgress?(progress: SenderProgress): void
  },
  ports: SenderPorts,
): Promise<{ importId: string; resumed: boolean }> {
  const plan = planImport(of.files)
  const { importId, resumed, storedPacks } = await ports.begin({
    keyFingerprint: of.key.fingerprint,
    fileCount: plan.fileCount,
    rosterMac: rosterMac(of.key, of.files),
  })
  const progress: SenderProgress = { importId, files: 0, bytes: 0, refused: 0 }
  const count = (pack: readonly PlannedFile<SourceFile>[], refusedFiles: number) => {
    progress.files += pack.length
    progress.bytes += pack.reduce((sum, { file }) => sum + file.size, 0)
    progress.refused += refusedFiles
    of.onProgress?.({ ...progress })
  }
  const agreement = watchDemographics()
  const sent = new Set(storedPacks)
  const uploads = new Set<Promise<void>>()
  const failures: unknown[] = []

  const sendPack = async (packIndex: number, isAgain: boolean): Promise<void> => {
    const pack = plan.packs[packIndex] ?? []
    const { entries, refusals } = await readPackFiles(pack, ports, agreement)
    if (refusals.length > 0) await ports.reportRefused(importId, refusals)
    if (entries.length === 0) return count(pack, refusals.length)
    const upload = ports
      .upload(importId, packIndex, packParts(entries))
      .then(() => {
        sent.add(packIndex)
        if (!isAgain) count(pack, refusals.length)
      })
      .catch((error: unknown) => failures.push(error))
      .then(() => {
        uploads.delete(upload)
      })
    uploads.add(upload)
    if (uploads.size >= UPLOADS_AT_ONCE) await Promise.race(uploads)
  }
  const settle = async (): Promise<void> => {
    await Promise.all(uploads)
    if (failures.length > 0) throw failures[0]
  }

  for (const [packIndex, pack] of plan.packs.entries()) {
    of.signal?.throwIfAborted()
    if (failures.length > 0) break
    if (sent.has(packIndex)) count(pack, 0)
    else await sendPack(packIndex, false)
  }
  await settle()
  for (let round = 0; ; round += 1) {
    const { missingPacks } = await ports.finish(importId, [...sent])
    if (missingPacks.length === 0) return { importId, resumed }
    if (round >= SEND_AGAIN) throw new Error('the server keeps losing packs')
    for (const packIndex of missingPacks) await sendPack(packIndex, true)
    await settle()
  }
}

async function readPackFiles(
  pack: readonly PlannedFile<SourceFile>[],
  ports: Pick<SenderPorts, 'pseudonymise'>,
  agreement: ReturnType<typeof watchDemographics>,
): Promise<{ entries: PackEntry[]; refusals: RefusedFile[] }> {
  const outcomes = await Promise.all(pack.map(({ file }) => pseudonymiseFile(file, ports)))
  const entries: PackEntry[] = []
  const refusals: RefusedFile[] = []
  for (const [position, { index }] of pack.entries()) {
    const outcome = outcomes[position] ?? refused('UNEXPECTED')
    const answer = outcome.outcome === 'accepted' ? (agreement(outcome) ?? outcome) : outcome
    if (answer.outcome === 'accepted') entries.push({ index, envelope: answer.envelope, bytes: answer.bytes })
    else refusals.push({ index, code: answer.code })
  }
  return { entries, refusals }
}

async function pseudonymiseFile(
  file: SourceFile,
  ports: Pick<SenderPorts, 'pseudonymise'>,
): Promise<PseudonymiseOutcome> {
  if (file.size > LIMITS.fileBytes) return refused('FILE_TOO_LARGE')
  const bytes = await file.read()
  return bytes instanceof Uint8Array ? ports.pseudonymise(bytes) : bytes
}

/**
 * The entries of an archive as files: counted and sized by a first reading, given out by a second one, so that a zip of
 * any size is never in memory as a whole. Named by their place, since names in archives are not to be trusted.
 */
export async function archiveFiles(
  entries: () => AsyncIterable<
    { index: number; outcome: 'file'; bytes: Uint8Array<ArrayBuffer> } | ({ index: number } & Refused)
  >,
): Promise<SourceFile[]> {
  const sizes: number[] = []
  for await (const entry of entries()) sizes.push(entry.outcome === 'file' ? entry.bytes.length : 0)
  let reading = entries()[Symbol.asyncIterator]()
  let next = 0
  let turn: Promise<unknown> = Promise.resolve()
  const readAt = async (place: number): Promise<Uint8Array<ArrayBuffer> | Refused> => {
    if (place < next) {
      // A pack that the server lost is asked for again: from the beginning.
      reading = entries()[Symbol.asyncIterator]()
      next = 0
    }
    for (;;) {
      const { value, done } = await reading.next()
      if (done) return refused('ARCHIVE_MALFORMED')
      next += 1
      if (next - 1 < place) continue // sent before the cut
      return value.outcome === 'file' ? value.bytes : refused(value.code)
    }
  }
  return sizes.map((size, place) => ({
    name: String(place).padStart(9, '0'),
    size,
    read: () => {
      const mine = turn.then(() => readAt(place))
      turn = mine.catch(() => undefined) // the reader's own caller gets the failure
      return mine
    },
  }))
}
