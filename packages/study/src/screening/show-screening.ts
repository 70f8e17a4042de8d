import { type CriterionAnswer, proposedAnswers } from '@facetgrade/grading/eligibility'
import type { Criterion } from '@facetgrade/grading/protocol-document'
import { type PatientDetail, showPatient } from '../patients/show-patients.ts'
import type { OpenWall, StudyActor } from '../procedure.ts'
import { StudyError } from '../study-error.ts'
import type { Look, ScreeningRow, ScreeningStanding } from './screening-store.ts'
import { isSettled } from './sign-look.ts'

/** What somebody has to do next for a patient, in the order of the work; null when nothing. */
export type ScreeningStep = 'first_look' | 'second_look' | 'further_look' | 'numbering'

function nextStep(row: Pick<ScreeningRow, 'isWithdrawn' | 'standing' | 'isNumbered'>): ScreeningStep | null {
  if (row.isWithdrawn) return null
  switch (row.standing) {
    case 'not_screened':
      return 'first_look'
    case 'second_look_missing':
      return 'second_look'
    case 'disagreement':
      return 'further_look'
    case 'eligible':
      return row.isNumbered ? null : 'numbering'
    case 'excluded':
      return null
  }
}

type Context = Pick<OpenWall, 'stores' | 'asSystem'> & { actor: StudyActor }

export async function listScreening(
  { stores, actor }: Context,
  page: { after?: string | undefined; limit: number; open: boolean },
): Promise<{ rows: readonly (ScreeningRow & { next: ScreeningStep | null })[]; next: string | null }> {
  const { after, limit, open } = page
  const found = await stores.screening.list({ studyId: actor.studyId, after, take: limit + 1, open })
  const rows = found.slice(0, limit).map((row) => ({ ...row, next: nextStep(row) }))
  return { rows, next: found.length > limit ? (rows.at(-1)?.patientId ?? null) : null }
}

export type ScreeningDetail = {
  patient: PatientDetail
  standing: ScreeningStanding
  next: ScreeningStep | null
  isNumbered: boolean
  protocolVersion: number
  /** Whether the protocol asks for a second look at all. */
  wantsSecondLook: boolean
  /** With what the data propose, where the protocol lets them; null where a person has to find out. */
  criteria: readonly (Pick<Criterion, 'code' | 'kind' | 'text'> & { proposed: CriterionAnswer | null })[]
  looks: readonly (Omit<Look, 'signedBy'> & { isMine: boolean })[]
  /** Sealed and settled: no look is taken any more. */
  isFinal: boolean
}

export async function showScreening({ stores, actor, asSystem }: Context, patientId: string): Promise<ScreeningDetail> {
  const { screening, protocol: protocols } = stores
  const row = await screening.find(actor.studyId, patientId)
  if (!row) throw new StudyError('NOT_FOUND')
  const patient = await showPatient(stores, patientId)
  const { protocol, version } = await protocols.latest(actor.studyId)
  const proposals = proposedAnswers(protocol, {
    ageYears: patient.ageYears,
    isImagedInPeriod: patient.imagedInPeriod,
    modalities: await screening.gradableModalities(patientId),
  })
  return {
    patient,
    standing: row.standing,
    next: nextStep(row),
    isNumbered: row.isNumbered,
    protocolVersion: version,
    wantsSecondLook: protocol.eligibility.secondLook,
    criteria: protocol.eligibility.criteria.map(({ code, kind, text }) => ({
      code,
      kind,
      text,
      proposed: proposals[code] ?? null,
    })),
    looks: (await screening.looks(patientId)).map(({ signedBy, ...look }) => ({
      ...look,
      isMine: signedBy === actor.userId,
    })),
    isFinal: isSettled(row) && (await asSystem((system) => system.screening.isSealed(actor.studyId))),
  }
}
