import { randomBytes } from 'node:crypto'
import { readingOrder } from '@facetgrade/grading/reading-order'
import type { StudyActor } from '../procedure.ts'
import { sha256 } from '../sha256.ts'
import type { Stores } from '../stores.ts'
import { StudyError } from '../study-error.ts'
import { planAssignments } from './plan-assignments.ts'

export type CreatedAssignments = {
  round: string
  /** Cases added by this call, per reader code; empty when nothing was missing. */
  added: { readerCode: string; cases: number; casesBetweenSamePatient: { wanted: number; achieved: number | null } }[]
  withoutNumbering: number
  withoutCompleteExam: number
  /** Groups with fewer standing readers than the protocol wants. */
  shortGroups: string[]
}

/**
 * Hands out the protocol's first round. Each reader's order is drawn once from a seed of the server's own, stored with
 * the algorithm's version and what it achieved. Calling again adds what is missing (patients numbered or imported later,
 * a successor's cases) after the reader's last position, in an order drawn from the same seed, and moves nothing.
 */
export async function createAssignments(ctx: { stores: Stores; actor: StudyActor }): Promise<CreatedAssignments> {
  const { assignments, audit, protocol: protocols } = ctx.stores
  const { studyId } = ctx.actor
  await assignments.lockCreation(studyId)
  const { protocol, version } = await protocols.latest(studyId)
  const round = protocol.rounds.find(({ kind }) => kind === 'first')?.name
  if (round === undefined) throw new StudyError('ROUND_UNKNOWN')
  const roster = await assignments.roster(studyId)
  if (roster.length === 0) throw new StudyError('SPLIT_NOT_SEALED')
  const readers = await assignments.activeReaders(studyId)
  const held = await assignments.held(studyId, round)
  const plan = planAssignments(protocol, { roster, readers, held })
  const added: CreatedAssignments['added'] = []
  for (const { memberId, readerCode } of readers) {
    const cases = plan.perReader.get(memberId) ?? []
    if (cases.length === 0) continue
    const stored = await assignments.orderSeed(memberId, round)
    const seed = stored ?? randomBytes(32).toString('hex')
    const byId = new Map(cases.map((planned) => [`${planned.patientCode}/${planned.modality}`, planned]))
    const order = readingOrder(sha256, {
      seed,
      reader: readerCode,
      round,
      casesBetween: protocol.spacing.casesBetweenSamePatient,
      cases: Array.from(byId, ([caseId, { patientCode }]) => ({ caseId, patientCode })),
    })
    const { algorithmVersion, casesBetweenSamePatient } = order
    if (stored === undefined) {
      await assignments.putOrder({
        studyId,
        memberId,
        round,
        seed,
        algorithmVersion,
        achieved: casesBetweenSamePatient,
      })
    }
    const last = await assignments.lastPosition(memberId, round)
    await assignments.append(
      studyId,
      round,
      order.caseIds.flatMap((caseId, index) => {
        const planned = byId.get(caseId)
        if (!planned) return []
        const { patientId, modality, examId } = planned
        return [{ memberId, patientId, modality, examId, position: last + index + 1 }]
      }),
    )
    added.push({ readerCode, cases: cases.length, casesBetweenSamePatient })
    await audit.write({
      action: 'assignments.created',
      object: 'Member',
      objectId: memberId,
      new: {
        round,
        cases: cases.length,
        from: last + 1,
        algorithmVersion,
        casesBetweenSamePatient,
        protocolVersion: version,
      },
    })
  }
  const shortGroups = protocol.readerGroups.flatMap(({ name, readers: wanted }) =>
    readers.filter(({ readerGroup }) => readerGroup === name).length < wanted ? [name] : [],
  )
  const { withoutNumbering, withoutCompleteExam } = plan
  return { round, added, withoutNumbering, withoutCompleteExam, shortGroups }
}
