import type { Level } from '@facetgrade/grading/joint'
import { LevelNumbering, patientLevels } from '@facetgrade/grading/level-numbering'
import type { PatientRow } from '../patients/patient-store.ts'
import type { StudyActor } from '../procedure.ts'
import type { Stores } from '../stores.ts'
import { StudyError } from '../study-error.ts'
import type { NumberingVersion, NumberingView } from './level-numbering-store.ts'

/** A spine with four or six free lumbar vertebrae has a transitional one: the two answers must not contradict. */
export const ConfirmedNumbering = LevelNumbering.refine(
  ({ lumbarVertebrae, isTransitional }) => lumbarVertebrae === 'five' || isTransitional,
  { error: 'four or six lumbar vertebrae are a transitional spine', path: ['isTransitional'] },
)

type Context = { stores: Stores; actor: StudyActor }

async function patientOf({ stores }: Context, patientId: string): Promise<PatientRow> {
  const patient = await stores.patients.find(patientId)
  if (!patient) throw new StudyError('NOT_FOUND')
  return patient
}

export type NumberingDetail = {
  patientCode: string
  enrolmentNumber: number
  isWithdrawn: boolean
  versions: readonly NumberingVersion[]
  /** Images of a withdrawn patient are closed. */
  views: readonly NumberingView[]
  /** The levels that readers are asked under each numbering, from the head down. */
  levels: Readonly<Record<LevelNumbering['lumbarVertebrae'], readonly Level[]>>
}

export async function showNumbering(ctx: Context, patientId: string): Promise<NumberingDetail> {
  const { patientCode, enrolmentNumber, withdrawnAt } = await patientOf(ctx, patientId)
  const { protocol } = await ctx.stores.protocol.latest(ctx.actor.studyId)
  const levelsOf = (lumbarVertebrae: LevelNumbering['lumbarVertebrae']) => patientLevels(protocol, { lumbarVertebrae })
  return {
    patientCode,
    enrolmentNumber,
    isWithdrawn: withdrawnAt !== null,
    versions: await ctx.stores.levelNumbering.versions(patientId),
    views: withdrawnAt === null ? await ctx.stores.levelNumbering.views(patientId) : [],
    levels: { five: levelsOf('five'), six: levelsOf('six'), four: levelsOf('four') },
  }
}

/**
 * Confirms how a patient's levels are numbered. A correction is a new version; readings that are open or signed keep
 * the version they were made under, and a returned case takes the latest when it is handed out again.
 *
 * @throws {StudyError} NOT_FOUND, PATIENT_WITHDRAWN, NUMBERING_MOVED
 */
export async function confirmNumbering(
  ctx: Context,
  input: { patientId: string; numbering: LevelNumbering; seenVersion: number },
): Promise<{ version: number }> {
  const { levelNumbering, audit } = ctx.stores
  const { patientId, numbering, seenVersion } = input
  if ((await patientOf(ctx, patientId)).withdrawnAt !== null) throw new StudyError('PATIENT_WITHDRAWN')
  await levelNumbering.lock(patientId)
  const [latest] = await levelNumbering.versions(patientId)
  const version = seenVersion + 1
  if ((latest?.version ?? 0) !== seenVersion) throw new StudyError('NUMBERING_MOVED')
  const { studyId, userId } = ctx.actor
  if (!(await levelNumbering.append(studyId, { patientId, version, numbering, confirmedBy: userId })))
    throw new StudyError('NUMBERING_MOVED')
  await audit.write({
    action: 'level-numbering.confirmed',
    object: 'Patient',
    objectId: patientId,
    ...(latest ? { old: { version: latest.version, ...latest.numbering } } : {}),
    new: { version, ...numbering },
  })
  return { version }
}
