import { patientLevels } from '@facetgrade/grading/level-numbering'
import { requiredCells } from '@facetgrade/grading/required-cells'
import type { OpenWall, StudyActor } from '../procedure.ts'
import { emptyCells } from '../readings/append-grades.ts'
import { StudyError } from '../study-error.ts'

export const RETURN_REASONS = ['numbering', 'wrong_image', 'image_quality'] as const
export type ReturnReason = (typeof RETURN_REASONS)[number]

/**
 * A reader who disagrees with the numbering, or was given the wrong images, hands the case back before signing. What
 * they had graded is emptied by events of their own: a reading never re-keys levels.
 */
export async function returnCase(
  ctx: Pick<OpenWall, 'stores'> & { actor: StudyActor },
  input: { assignmentId: string; reason: ReturnReason; note: string | null },
): Promise<{ emptied: number }> {
  const { assignments, readings, cases, audit } = ctx.stores
  if (!(await cases.assignment(input.assignmentId))) throw new StudyError('NOT_FOUND')
  const reading = await readings.lockOfAssignment(input.assignmentId)
  if (reading?.signedAt) throw new StudyError('READING_SIGNED')
  if (reading?.returnedAt) throw new StudyError('CASE_RETURNED')
  const emptied = reading ? await emptyCells(ctx, reading) : 0
  const { reason, note } = input
  if (!(await assignments.markReturned(input.assignmentId, { reason, note }))) throw new StudyError('CASE_RETURNED')
  await audit.write({
    action: 'assignment.returned',
    object: 'Assignment',
    objectId: input.assignmentId,
    new: { reason, note, emptied },
    why: reason,
  })
  return { emptied }
}

/** Gives a returned case to its reader again, under the patient's latest numbering. Under the system role. */
export async function reissueCase(
  ctx: Pick<OpenWall, 'asSystem' | 'stores'> & { actor: StudyActor },
  input: { assignmentId: string; note: string },
): Promise<void> {
  const { studyId } = ctx.actor
  const isOpen = await ctx.asSystem(async ({ assignments, readings, cases, protocol: protocols }) => {
    if (!(await assignments.clearReturn(studyId, input.assignmentId))) return false
    const reading = await readings.lockOfAssignment(input.assignmentId)
    if (!reading) return true
    const numbering = await cases.latestNumbering(reading.patientId)
    const found = await protocols.find(studyId, reading.protocolVersion)
    if (!numbering || !found) throw new RangeError('reissueCase: the reading has lost its form')
    const levels = patientLevels(found.protocol, numbering.numbering)
    const required = requiredCells(found.protocol, reading.modality, levels)
    await readings.renumber(reading.readingId, { numberingVersion: numbering.version, required: required.length })
    return true
  })
  if (!isOpen) throw new StudyError('NOT_FOUND')
  await ctx.stores.audit.write({
    action: 'assignment.reissued',
    object: 'Assignment',
    objectId: input.assignmentId,
    why: input.note,
  })
}
