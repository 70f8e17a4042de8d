import { randomBytes } from 'node:crypto'
import type { PartCounts, SplitSeal } from '@facetgrade/grading/split-seal'
import type { StudyActor } from '../procedure.ts'
import { sha256 } from '../sha256.ts'
import type { Stores } from '../stores.ts'
import { StudyError } from '../study-error.ts'
import { drawSplit, type LeftOut, studyRoster } from './split-roster.ts'

/** Counts only: who would go where is not told before the seal. */
export type SplitPreview = {
  patients: number
  leftOut: LeftOut
  /** Null while nobody is eligible; then no seed is drawn either. */
  draw: {
    seedDrawnAt: string
    algorithmVersion: string
    protocolVersion: number
    ratios: SplitSeal['ratios']
    rosterHash: string
    counts: PartCounts
    strata: readonly { stratum: string; counts: PartCounts }[]
  } | null
}

/**
 * What sealing would do with the roster of today. The first preview of a study draws the seed, which is the same ever
 * after, so nobody can draw again until they like the result. Each preview is on record with its roster: a roster that
 * was changed between two of them can be seen.
 *
 * @throws StudyError SPLIT_SEALED
 */
export async function previewSplit({ stores, actor }: { stores: Stores; actor: StudyActor }): Promise<SplitPreview> {
  const { split, audit, protocol: protocols } = stores
  const { studyId, userId } = actor
  if (await split.sealed(studyId)) throw new StudyError('SPLIT_SEALED')
  const standing = await protocols.latest(studyId)
  const { entries, leftOut } = studyRoster(standing.protocol, await split.candidates(studyId))
  if (entries.length === 0) return { patients: 0, leftOut, draw: null }
  const isFirst = await split.putSeed(studyId, randomBytes(32).toString('hex'), userId)
  const drawn = await split.seed(studyId)
  if (!drawn) throw new RangeError('previewSplit: the seed was not kept')
  if (isFirst) {
    await audit.write({
      action: 'split.seed_drawn',
      object: 'SplitSeed',
      objectId: studyId,
      new: { seedHash: sha256(drawn.seed) },
    })
  }
  const { algorithmVersion, protocolVersion, ratios, rosterHash, counts, strata } = drawSplit(
    standing,
    drawn.seed,
    entries,
  )
  await audit.write({
    action: 'split.previewed',
    object: 'SplitSeed',
    objectId: studyId,
    new: { rosterHash, patients: entries.length, protocolVersion },
  })
  return {
    patients: entries.length,
    leftOut,
    draw: { seedDrawnAt: drawn.drawnAt, algorithmVersion, protocolVersion, ratios, rosterHash, counts, strata },
  }
}
