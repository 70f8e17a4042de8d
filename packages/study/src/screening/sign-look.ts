import { type CriterionAnswers, eligibility } from '@facetgrade/grading/eligibility'
import type { Protocol } from '@facetgrade/grading/protocol'
import type { ReauthenticationMethod, ReauthenticationProof } from '../actor.ts'
import type { OpenWall, StudyActor } from '../procedure.ts'
import { allocateLater } from '../split/allocate-later.ts'
import { StudyError } from '../study-error.ts'
import type { Decision, Look, ScreeningRow } from './screening-store.ts'

export type LookContext = Pick<OpenWall, 'stores' | 'asSystem'> & {
  actor: StudyActor
  reauthenticate(userId: string, proof: ReauthenticationProof): Promise<ReauthenticationMethod | undefined>
}

export type LookInput = {
  patientId: string
  answers: CriterionAnswers
  /** What the person saw before signing; it must be what the answers make of the protocol in force. */
  decision: Decision
  note: string | null
  protocolVersion: number
  /** The latest look that the person saw; null when there was none. */
  seenLookId: string | null
  proof: ReauthenticationProof
}

/**
 * Signs a look at a patient's eligibility. The coordinator's first look may be made anew until it is settled for good;
 * the second look is the investigator's and another person's, and decides. Where it contradicts the first, the patient
 * stays open until the investigator looks once more. From sealing on, what is settled is never turned: a patient leaves
 * by withdrawal. An eligible patient of a sealed study is given a part in the same transaction.
 *
 * @throws {StudyError} PATIENT_WITHDRAWN, PROTOCOL_CHANGED_MEANWHILE, CRITERION_UNKNOWN, SCREENING_INCOMPLETE,
 *   SCREENING_DECISION_DIFFERS, SCREENING_MOVED, SCREENING_SETTLED, SECOND_LOOK_NOT_DUE, SECOND_LOOK_SAME_PERSON,
 *   REAUTHENTICATION_FAILED
 */
export async function signLook(
  ctx: LookContext,
  look: 'first' | 'second',
  input: LookInput,
): Promise<{ lookId: string; signedAt: string; standing: ScreeningRow['standing'] }> {
  const { screening, protocol: protocols, audit } = ctx.stores
  const { studyId, userId } = ctx.actor
  const { patientId, answers, note } = input
  if (!(await screening.find(studyId, patientId))) throw new StudyError('NOT_FOUND')
  // Before the lock: the check of a proof takes its time by design, and nobody shall wait for it.
  const method = await ctx.reauthenticate(userId, input.proof)
  if (!method) throw new StudyError('REAUTHENTICATION_FAILED')
  const isSealed = await ctx.asSystem(async (system) => {
    await system.split.lock(studyId)
    return system.screening.isSealed(studyId)
  })
  const { protocol, version } = await protocols.latest(studyId)
  if (version !== input.protocolVersion) throw new StudyError('PROTOCOL_CHANGED_MEANWHILE', { version })
  const row = await screening.find(studyId, patientId)
  if (!row) throw new StudyError('NOT_FOUND')
  if (row.isWithdrawn) throw new StudyError('PATIENT_WITHDRAWN')
  const looks = await screening.looks(patientId)
  if ((looks.at(-1)?.lookId ?? null) !== input.seenLookId) throw new StudyError('SCREENING_MOVED')
  if (isSealed && isSettled(row)) throw new StudyError('SCREENING_SETTLED')
  if (look === 'second') refuseSecondLook(row, { looks, userId })
  const { decision, codes } = decided(protocol, answers)
  if (decision !== input.decision) throw new StudyError('SCREENING_DECISION_DIFFERS')
  const signed = await screening.append({
    studyId,
    patientId,
    look,
    decision,
    answers,
    codes,
    note,
    protocolVersion: version,
    signedBy: userId,
    method,
  })
  await audit.write({
    action: look === 'first' ? 'screening.first_look' : 'screening.second_look',
    object: 'Patient',
    objectId: patientId,
    old: { standing: row.standing },
    new: { lookId: signed.lookId, decision, codes, protocolVersion: version, method },
    ...(note === null ? {} : { why: note }),
  })
  const after = await screening.find(studyId, patientId)
  if (!after) throw new RangeError('signLook: the patient has gone')
  if (after.standing === 'eligible') {
    await ctx.asSystem((stores) => allocateLater(stores, { studyId, patientId }))
  }
  return { ...signed, standing: after.standing }
}

export const isSettled = ({ standing }: Pick<ScreeningRow, 'standing'>): boolean =>
  standing === 'eligible' || standing === 'excluded'

function refuseSecondLook(
  { standing }: Pick<ScreeningRow, 'standing'>,
  { looks, userId }: { looks: readonly Look[]; userId: string },
): void {
  if (standing !== 'second_look_missing' && standing !== 'disagreement') throw new StudyError('SECOND_LOOK_NOT_DUE')
  const first = looks.findLast(({ look }) => look === 'first')
  if (first?.signedBy === userId) throw new StudyError('SECOND_LOOK_SAME_PERSON')
}

function decided(protocol: Protocol, answers: CriterionAnswers): { decision: Decision; codes: readonly string[] } {
  const known = new Set(protocol.eligibility.criteria.map(({ code }) => code))
  if (!Object.keys(answers).every((code) => known.has(code))) throw new StudyError('CRITERION_UNKNOWN')
  const found = eligibility(protocol, answers)
  switch (found.kind) {
    case 'eligible':
      return { decision: 'eligible', codes: [] }
    case 'excluded':
      return { decision: 'excluded', codes: found.codes }
    case 'undecided':
      throw new StudyError('SCREENING_INCOMPLETE', { open: found.open.length, first: found.open[0] ?? '' })
  }
}
