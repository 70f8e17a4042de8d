import type { Envelope } from '@facetgrade/dicom/envelope'
import { OUTCOME_CODES, type OutcomeCode } from '@facetgrade/dicom/outcome-codes'
import type { JobQueue } from '../job-queue.ts'
import type { StudyActor } from '../procedure.ts'
import type { Stores } from '../stores.ts'
import { StudyError } from '../study-error.ts'
import type { ImportRow, ImportSource } from './import-store.ts'

type Context = { stores: Stores; queue: JobQueue; actor: StudyActor }

/** What the key-holder's side must know before it can pseudonymise for this study. */
export async function importSettings({ stores, actor }: Context) {
  const [study, { protocol }] = await Promise.all([
    stores.studies.show(actor.studyId),
    stores.protocol.latest(actor.studyId),
  ])
  return {
    studyCode: study.code,
    keyFingerprint: study.keyFingerprint,
    defaultIssuer: protocol.defaultPatientIssuer,
    imagingPeriod: protocol.imagingPeriod,
    clinicalColumns: protocol.clinicalColumns,
  }
}

/**
 * Opens an import, or finds the same person's unfinished import of the same folder: its stored packs need not come again.
 * The first import of a study fixes its key; a study never takes a second one, or the same patient would become two.
 */
export async function beginImport(
  { stores, actor }: Context,
  input: { source: ImportSource; keyFingerprint: Envelope['keyFingerprint']; fileCount: number; rosterMac: string },
): Promise<{ importId: string; resumed: boolean; storedPacks: readonly number[] }> {
  const { studyId, userId } = actor
  const inForce = await stores.imports.fixKeyFingerprint(studyId, input.keyFingerprint)
  if (inForce !== input.keyFingerprint) throw new StudyError('KEY_MISMATCH')
  await stores.imports.lockStudy(studyId)
  const before = await stores.imports.findUnfinished({ studyId, createdBy: userId, rosterMac: input.rosterMac })
  if (before?.fileCount === input.fileCount) {
    const packs = await stores.imports.packs(before.importId)
    return { importId: before.importId, resumed: true, storedPacks: packs.map((pack) => pack.packIndex) }
  }
  const { source, keyFingerprint, fileCount, rosterMac } = input
  const row = { studyId, createdBy: userId, source, keyFingerprint, fileCount, rosterMac }
  const { importId } = await stores.imports.create(row)
  await stores.audit.write({
    action: 'import.begun',
    object: 'Import',
    objectId: importId,
    new: { source, keyFingerprint, fileCount },
  })
  return { importId, resumed: false, storedPacks: [] }
}

/** An import of this person's in the study that still takes files. */
export async function receivingImport({ stores, actor }: Omit<Context, 'queue'>, importId: string): Promise<ImportRow> {
  const row = await stores.imports.find(importId)
  if (row?.createdBy !== actor.userId) throw new StudyError('NOT_FOUND')
  if (row.state !== 'receiving') throw new StudyError('IMPORT_CLOSED')
  return row
}

/** Ledger lines of files that never left the key-holder's side. Saying it again changes nothing. */
export async function reportRefused(
  ctx: Context,
  input: { importId: string; files: readonly { index: number; code: OutcomeCode }[] },
): Promise<{ recorded: number }> {
  const row = await receivingImport(ctx, input.importId)
  const lines = input.files.map(({ index, code }) => {
    if (index >= row.fileCount) throw new StudyError('FILE_OUT_OF_RANGE', { file: index })
    const { kind } = OUTCOME_CODES[code]
    if (kind === 'quarantined') throw new StudyError('FILE_OUT_OF_RANGE', { file: index })
    return { fileIndex: index, outcome: kind, code, instanceId: null, blobHash: null }
  })
  return { recorded: await ctx.stores.imports.addLines({ studyId: ctx.actor.studyId, importId: row.importId }, lines) }
}

/**
 * An upload that is complete and stored: acknowledged exactly when its row and its job are. A second time is no error;
 * `isNeeded` is then false when the pack has been unpacked already.
 */
export async function receivePack(
  ctx: Context,
  input: { importId: string; packIndex: number; blobHash: string; bytes: number },
): Promise<{ isNeeded: boolean }> {
  const { importId } = await receivingImport(ctx, input.importId)
  const { studyId } = ctx.actor
  if (await ctx.stores.imports.addPack({ studyId, ...input })) {
    await ctx.queue.enqueue('import.pack', { studyId, importId, packIndex: input.packIndex })
    return { isNeeded: true }
  }
  const packs = await ctx.stores.imports.packs(importId)
  const stored = packs.find((pack) => pack.packIndex === input.packIndex)
  return { isNeeded: stored?.isDone === false && stored.blobHash === input.blobHash }
}

/** The sender has sent everything: `packs` names what it sent, so that a pack lost on the way is asked for again. */
export async function finishImport(
  ctx: Context,
  input: { importId: string; packs: readonly number[] },
): Promise<{ missingPacks: readonly number[] }> {
  const { stores, actor, queue } = ctx
  await stores.imports.lockStudy(actor.studyId)
  const found = await stores.imports.find(input.importId)
  if (found?.createdBy === actor.userId && (found.state === 'finishing' || found.state === 'done'))
    return { missingPacks: [] }
  const { importId } = await receivingImport(ctx, input.importId)
  const packs = await stores.imports.packs(importId)
  const stored = new Set(packs.map((pack) => pack.packIndex))
  const missingPacks = input.packs.filter((index) => !stored.has(index))
  if (missingPacks.length > 0) return { missingPacks }
  await stores.imports.setState(importId, 'finishing')
  if (packs.every((pack) => pack.isDone)) await queue.enqueue('import.complete', { studyId: actor.studyId, importId })
  return { missingPacks: [] }
}

/** Takes nothing more; what has been acknowledged stays and is still given its line. */
export async function cancelImport(ctx: Context, input: { importId: string }): Promise<void> {
  const { stores, actor, queue } = ctx
  await stores.imports.lockStudy(actor.studyId)
  const { importId } = await receivingImport(ctx, input.importId)
  await stores.imports.setState(importId, 'cancelled')
  const packs = await stores.imports.packs(importId)
  if (packs.every((pack) => pack.isDone)) await queue.enqueue('import.complete', { studyId: actor.studyId, importId })
  await stores.audit.write({ action: 'import.cancelled', object: 'Import', objectId: importId })
}
