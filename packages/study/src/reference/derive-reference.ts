import { canonicalJson } from '@facetgrade/grading/canonical-json'
import { type CellKey, cellText } from '@facetgrade/grading/cell'
import type { ConsensusCell } from '@facetgrade/grading/consensus-cell'
import type { Modality } from '@facetgrade/grading/modality'
import { referenceGroup } from '@facetgrade/grading/reader-groups'
import { deriveReference, REFERENCE_ALGORITHM } from '@facetgrade/grading/reference'
import type { OpenWall, StudyActor } from '../procedure.ts'
import { sha256 } from '../sha256.ts'
import type { Stores } from '../stores.ts'
import { StudyError } from '../study-error.ts'
import { firstRound } from './first-round.ts'
import type { ReferenceCase, ReferenceVersion } from './reference-store.ts'

/** A case by the names that people know it by. */
export type CaseName = { readonly patientCode: string; readonly modality: Modality }
export type IncompleteCase = CaseName & { readonly state: 'adjudication_open' | 'not_read' }

/** What a derivation would take and what would be left out. */
export type ReferencePreview = { readonly complete: number; readonly incomplete: readonly IncompleteCase[] }

type ReferenceContext = Pick<OpenWall, 'stores' | 'asSystem'> & { actor: StudyActor }

export async function previewReference(ctx: ReferenceContext): Promise<ReferencePreview> {
  return preview(await casesOf(ctx))
}

/**
 * Derives the next version of the reference standard from the reference group's consensus: raw readings stay as they
 * are, nothing is flagged. Cases without a completed consensus are left out only when the caller names exactly those, so
 * that a partial reference is nobody's oversight. Without a change since the last version, that version is the answer.
 */
export async function derive(
  ctx: ReferenceContext,
  leaveOut: readonly CaseName[],
): Promise<ReferenceVersion & { isNew: boolean }> {
  const { studyId, userId } = ctx.actor
  await ctx.stores.reference.lock(studyId)
  const cases = await casesOf(ctx)
  const { complete, incomplete } = preview(cases)
  if (complete === 0) throw new StudyError('REFERENCE_MISSING')
  if (namesOf(incomplete) !== namesOf(leaveOut)) {
    const adjudicationOpen = incomplete.filter(({ state }) => state === 'adjudication_open').length
    throw new StudyError('REFERENCE_INCOMPLETE', { adjudicationOpen, notRead: incomplete.length - adjudicationOpen })
  }
  return ctx.asSystem(async (system) => {
    const hashes = await hashesOf(system, cases)
    const latest = await system.reference.latest(studyId)
    if (latest?.inputHash === hashes.inputHash && !latest.isStale) return { ...latest, isNew: false }
    const version = (latest?.version ?? 0) + 1
    const consensusIds = cases.flatMap(({ state, consensus }) =>
      state === 'complete' && consensus ? [consensus.id] : [],
    )
    const derived = await system.reference.create({
      studyId,
      version,
      rule: REFERENCE_ALGORITHM,
      ...hashes,
      consensusIds,
      derivedBy: userId,
    })
    await system.audit.write({
      action: 'reference.derived',
      object: 'ReferenceVersion',
      objectId: derived.referenceId,
      new: { version, hash: derived.hash, cases: complete, leftOut: incomplete.length },
    })
    return { ...derived, isNew: true }
  })
}

async function casesOf(ctx: ReferenceContext): Promise<readonly ReferenceCase[]> {
  const { studyId } = ctx.actor
  const { protocol } = await ctx.stores.protocol.latest(studyId)
  const of = { studyId, readerGroup: referenceGroup(protocol).name, round: firstRound(protocol) }
  return ctx.asSystem((system) => system.reference.cases(of))
}

function preview(cases: readonly ReferenceCase[]): ReferencePreview {
  const incomplete = cases.flatMap(({ patientCode, modality, state }): IncompleteCase[] =>
    state === 'complete' ? [] : [{ patientCode, modality, state }],
  )
  return { complete: cases.length - incomplete.length, incomplete }
}

const namesOf = (cases: readonly CaseName[]): string =>
  cases
    .map(({ patientCode, modality }) => `${patientCode}/${modality}`)
    .toSorted()
    .join(' ')

/** `inputHash` over the consensus versions and their cells, `hash` over the cells alone, both in a fixed order. */
async function hashesOf(
  { reference }: Pick<Stores, 'reference'>,
  cases: readonly ReferenceCase[],
): Promise<{ inputHash: string; hash: string }> {
  const complete = cases.flatMap(({ patientCode, modality, state, consensus }) =>
    state === 'complete' && consensus ? [{ patientCode, modality, consensus }] : [],
  )
  const cellsOf = await reference.cellsOf(complete.map(({ consensus }) => consensus.id))
  const derived = complete.map(({ patientCode, modality, consensus }) => {
    const cells = (cellsOf.get(consensus.id) ?? []).toSorted(byCell)
    const versions = { consensusVersion: consensus.version, protocolVersion: consensus.protocolVersion }
    const result = deriveReference({ kind: 'settled', cells }, versions)
    if (result.kind !== 'derived') throw new RangeError(`derive: ${result.reason}`)
    return { patientCode, modality, consensusId: consensus.id, reference: result.reference }
  })
  const cells = derived.map(({ patientCode, modality, reference: { cells: values } }) => ({
    patientCode,
    modality,
    values,
  }))
  return { inputHash: sha256(canonicalJson(derived)), hash: sha256(canonicalJson(cells)) }
}

const byCell = (a: ConsensusCell, b: ConsensusCell): number => (textOf(a.cell) < textOf(b.cell) ? -1 : 1)
const textOf = (cell: CellKey): string => cellText(cell)
