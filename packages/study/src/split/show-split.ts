import type { Part } from '@facetgrade/grading/part'
import type { PartCounts, SplitSeal } from '@facetgrade/grading/split-seal'
import type { OpenWall, StudyActor, StudyRole } from '../procedure.ts'
import type { AllocationRow } from './split-store.ts'

/** Who could name a patient's part anyway: the seed tells every part to those who know the roster. */
const MAY_SEE_SEED: ReadonlySet<StudyRole> = new Set(['investigator', 'statistician'])

export type ShownSplit =
  | { state: 'open'; seedDrawnAt: string | null }
  | ({
      state: 'sealed'
      sealedAt: string
      sealedByName: string
      sealHash: string
      /** Null for those who may not name a patient's part. */
      seed: string | null
      /** Allocated after sealing, not in `counts`. */
      later: PartCounts
      /** Withdrawn since, and still counted where they were: the parts keep their holes. */
      withdrawn: PartCounts
    } & Pick<SplitSeal, 'algorithmVersion' | 'protocolVersion' | 'ratios' | 'rosterHash' | 'counts' | 'strata'>)

/** Under the system role, because the sealed document names every patient's part; what leaves here are counts. */
export async function showSplit(ctx: Pick<OpenWall, 'asSystem'> & { actor: StudyActor }): Promise<ShownSplit> {
  const { studyId, role } = ctx.actor
  const { sealed, drawn, allocations } = await ctx.asSystem(async ({ split }) => ({
    sealed: await split.sealed(studyId),
    drawn: await split.seed(studyId),
    allocations: await split.allocations(studyId),
  }))
  if (!sealed) return { state: 'open', seedDrawnAt: drawn?.drawnAt ?? null }
  const { seed, algorithmVersion, protocolVersion, ratios, rosterHash, counts, strata } = sealed.document
  return {
    state: 'sealed',
    sealedAt: sealed.sealedAt,
    sealedByName: sealed.sealedByName,
    sealHash: sealed.sealHash,
    seed: MAY_SEE_SEED.has(role) ? seed : null,
    later: countParts(allocations.filter(({ origin }) => origin === 'later')),
    withdrawn: countParts(allocations.filter(({ isWithdrawn }) => isWithdrawn)),
    algorithmVersion,
    protocolVersion,
    ratios,
    rosterHash,
    counts,
    strata,
  }
}

function countParts(allocations: readonly Pick<AllocationRow, 'part'>[]): PartCounts {
  const counts: Record<Part, number> = { train: 0, validation: 0, test: 0 }
  for (const { part } of allocations) counts[part] += 1
  return counts
}
