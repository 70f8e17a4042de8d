import type { StudyActor } from '../procedure.ts'
import type { Stores } from '../stores.ts'
import { StudyError } from '../study-error.ts'

/** Why a patient leaves the study. */
export const WITHDRAWAL_CODES = [
  'consent_withdrawn',
  'ineligible_after_all',
  'wrong_person',
  'site_request',
  'other',
] as const
export type WithdrawalCode = (typeof WITHDRAWAL_CODES)[number]

/**
 * The patient leaves, also after sealing: the part keeps its hole, images become unreadable, rows stay for the flow
 * diagram. There is no way back.
 */
export async function withdrawPatient(
  { stores, actor }: { stores: Stores; actor: StudyActor },
  input: { patientId: string; code: WithdrawalCode; reason: string },
): Promise<void> {
  const patient = await stores.patients.find(input.patientId)
  if (!patient) throw new StudyError('NOT_FOUND')
  const { patientId, code, reason } = input
  if (!(await stores.patients.withdraw(patientId, { userId: actor.userId, code, reason }))) {
    throw new StudyError('PATIENT_WITHDRAWN')
  }
  await stores.audit.write({
    action: 'patient.withdrawn',
    object: 'Patient',
    objectId: patientId,
    new: { code },
    why: reason,
  })
}
