import { sortedByCode } from '@facetgrade/grading/seeded-random'
import { latePart, SPLIT_ALGORITHM, splitRoster } from '@facetgrade/grading/split'
import type { OpenWall, StudyActor } from '../procedure.ts'
import { sha256 } from '../sha256.ts'
import { StudyError } from '../study-error.ts'
import { sealHash } from './seal-hash.ts'
import type { AllocationRow, DrawnSeed, SealedSplit } from './split-store.ts'

export const SPLIT_CHECKS = ['algorithm', 'seed', 'draw', 'seal_hash', 'allocations', 'later_allocations'] as const
export type SplitCheck = (typeof SPLIT_CHECKS)[number]

export type VerifiedSplit = {
  isIntact: boolean
  checks: readonly { check: SplitCheck; holds: boolean }[]
  sealHash: string
  sealedPatients: number
  laterPatients: number
}

/** Draws the sealed split and every later part again from what is stored, and compares. Nothing is written. */
export async function verifySplit(ctx: Pick<OpenWall, 'asSystem'> & { actor: StudyActor }): Promise<VerifiedSplit> {
  const { studyId } = ctx.actor
  const stored = await ctx.asSystem(async ({ split, unsealing }) => ({
    sealed: await split.sealed(studyId),
    drawn: await split.seed(studyId),
    allocations: await split.allocations(studyId),
    firstUnsealing: (await unsealing.list(studyId))[0]?.unsealedAt,
  }))
  const { sealed, allocations } = stored
  if (!sealed) throw new StudyError('SPLIT_NOT_SEALED')
  const checks = checkSplit({ ...stored, sealed })
  return {
    isIntact: checks.every(({ holds }) => holds),
    checks,
    sealHash: sealed.sealHash,
    sealedPatients: sealed.document.allocations.length,
    laterPatients: allocations.filter(({ origin }) => origin === 'later').length,
  }
}

type Stored = {
  sealed: SealedSplit
  drawn: DrawnSeed | undefined
  allocations: readonly AllocationRow[]
  /** When the test part was first opened. */
  firstUnsealing: string | undefined
}

function checkSplit({ sealed, drawn, allocations, firstUnsealing }: Stored): VerifiedSplit['checks'] {
  const { document } = sealed
  const again = splitRoster(sha256, { ...document, roster: document.allocations })
  const sealedRows = allocations.filter(({ origin }) => origin === 'sealed')
  const laterRows = allocations.filter(({ origin }) => origin === 'later')
  const holds: Record<SplitCheck, boolean> = {
    algorithm: document.algorithmVersion === SPLIT_ALGORITHM,
    seed: document.seed === drawn?.seed,
    draw: sealHash(again) === sealHash(document),
    seal_hash: sealHash(document) === sealed.sealHash,
    allocations: textOf(sealedRows) === textOf(document.allocations),
    later_allocations: laterRows.every(({ patientCode, part, allocatedAt }) => {
      const isUnsealed = firstUnsealing !== undefined && firstUnsealing <= allocatedAt
      return part === latePart(sha256, document, { patientCode, isUnsealed })
    }),
  }
  return SPLIT_CHECKS.map((check) => ({ check, holds: holds[check] }))
}

const textOf = (allocations: readonly Pick<AllocationRow, 'patientCode' | 'part' | 'stratum'>[]): string =>
  JSON.stringify(
    sortedByCode(allocations, ({ patientCode }) => patientCode).map(({ patientCode, part, stratum }) => [
      patientCode,
      part,
      stratum,
    ]),
  )
