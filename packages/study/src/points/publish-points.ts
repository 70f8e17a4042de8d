import type { JointPoint, PublishedSource } from '@facetgrade/grading/points'
import type { StudyActor } from '../procedure.ts'
import type { Stores } from '../stores.ts'
import { StudyError } from '../study-error.ts'
import { checkPoints } from './check-points.ts'

/**
 * Publishes the next version of an exam's points: set by the coordinator, or the model's proposal that this coordinator
 * accepted. Versions stand for ever; predictions use the latest.
 *
 * @throws {StudyError} NOT_FOUND, POINTS_MOVED when someone published since the version that was seen (0: none),
 * and what `checkPoints` refuses
 */
export async function publishPoints(
  { stores, actor }: { stores: Stores; actor: StudyActor },
  input: { examId: string; source: PublishedSource; points: readonly JointPoint[]; seenVersion: number },
): Promise<{ version: number }> {
  const { examId, source, points, seenVersion } = input
  const [ground] = await stores.points.ground([examId])
  if (!ground) throw new StudyError('NOT_FOUND')
  const { protocol } = await stores.protocol.latest(actor.studyId)
  checkPoints(protocol, ground, points)
  const [latest] = await stores.points.latest([examId])
  const version = seenVersion + 1
  const set = { examId, version, source, points, publishedBy: actor.userId }
  if ((latest?.version ?? 0) !== seenVersion || (await stores.points.append(actor.studyId, [set])) !== 1) {
    throw new StudyError('POINTS_MOVED', { version: latest?.version ?? 0 })
  }
  await stores.audit.write({
    action: 'points.published',
    object: 'Exam',
    objectId: examId,
    new: { version, source, points: points.length },
  })
  return { version }
}
