import { patientLevels } from '@facetgrade/grading/level-numbering'
import { requiredCells } from '@facetgrade/grading/required-cells'
import type { OpenWall, StudyActor } from '../procedure.ts'
import { StudyError } from '../study-error.ts'
import type { CaseAssignment, FrameSource } from './case-store.ts'
import { type CaseView, shownSeries } from './case-view.ts'

type Context = Pick<OpenWall, 'stores' | 'asSystem'> & { actor: StudyActor }

/** The actor's own assignment, if its images may be shown now. */
async function ownCase(ctx: Context, assignmentId: string): Promise<CaseAssignment> {
  const assignment = await ctx.stores.cases.assignment(assignmentId)
  if (!assignment) throw new StudyError('NOT_FOUND')
  if (await ctx.asSystem(({ cases }) => cases.isWithdrawn(assignment.patientId)))
    throw new StudyError('PATIENT_WITHDRAWN')
  return assignment
}

/** What the page needs to show a case, without opening it: the next case is fetched ahead with this. */
export async function showCase(ctx: Context, assignmentId: string): Promise<CaseView> {
  const { cases, readings, protocol: protocols } = ctx.stores
  const assignment = await ownCase(ctx, assignmentId)
  if (assignment.returnedAt !== null) throw new StudyError('CASE_RETURNED')
  const reading = await readings.ofAssignment(assignmentId)
  const numbering = reading?.numbering ?? (await cases.latestNumbering(assignment.patientId))?.numbering
  if (!numbering) throw new StudyError('NUMBERING_MISSING')
  const found = reading
    ? await protocols.find(ctx.actor.studyId, reading.protocolVersion)
    : await protocols.latest(ctx.actor.studyId)
  if (!found) throw new RangeError('showCase: the protocol version is gone')
  const { stacks, hidden } = shownSeries(await cases.series(assignment.examId), await cases.sides(assignment.examId))
  return {
    assignmentId,
    position: assignment.position,
    modality: assignment.modality,
    protocolVersion: found.version,
    numbering,
    levels: patientLevels(found.protocol, numbering),
    stacks,
    hidden,
  }
}

/** Opens a case for reading: fixes protocol version and numbering and starts its clock. Opening again changes nothing. */
export async function openCase(ctx: Context, assignmentId: string): Promise<CaseView> {
  const { cases, readings, protocol: protocols, audit } = ctx.stores
  const assignment = await ownCase(ctx, assignmentId)
  if (assignment.returnedAt !== null) throw new StudyError('CASE_RETURNED')
  if (!(await readings.ofAssignment(assignmentId))) {
    const { studyId, memberId } = ctx.actor
    const { protocol, version } = await protocols.latest(studyId)
    const numbering = await cases.latestNumbering(assignment.patientId)
    if (!numbering) throw new StudyError('NUMBERING_MISSING')
    const { patientId, modality } = assignment
    const rested = await readings.daysSinceSigned(memberId, patientId)
    const wanted = protocol.spacing.daysBetweenSamePatient
    if (rested !== null && rested < wanted) throw new StudyError('CASE_TOO_EARLY', { days: wanted - rested })
    await readings.open({
      studyId,
      assignmentId,
      memberId,
      patientId,
      modality,
      protocolVersion: version,
      numberingVersion: numbering.version,
      required: requiredCells(protocol, modality, patientLevels(protocol, numbering.numbering)).length,
    })
    await audit.write({
      action: 'case.opened',
      object: 'Assignment',
      objectId: assignmentId,
      new: { protocolVersion: version },
    })
  }
  return showCase(ctx, assignmentId)
}

/** The stored object behind a frame. Absent, someone else's, returned, withdrawn and not gradable are all NOT_FOUND. */
export async function caseFrame(
  ctx: Pick<OpenWall, 'stores' | 'asSystem'>,
  at: { assignmentId: string; series: number; frame: number },
): Promise<FrameSource> {
  const source = await ctx.stores.cases.frameSource(at)
  if (!source || (await ctx.asSystem(({ cases }) => cases.isWithdrawn(source.patientId))))
    throw new StudyError('NOT_FOUND')
  return source
}

/** The stored object of an instance, for office roles: numbering, points and X-ray sides are settled on it. */
export async function examFrame(ctx: Pick<OpenWall, 'stores'>, instanceId: string): Promise<{ blobHash: string }> {
  const source = await ctx.stores.cases.instanceSource(instanceId)
  if (!source || (await ctx.stores.cases.isWithdrawn(source.patientId))) throw new StudyError('NOT_FOUND')
  return source
}
