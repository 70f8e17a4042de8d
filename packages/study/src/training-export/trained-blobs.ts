import type { OpenWall, StudyActor } from '../procedure.ts'
import { StudyError } from '../study-error.ts'

/**
 * Blobs of the instances named, in their order. An instance of a test patient, of another study and one that there is not
 * get the same answer.
 *
 * @throws {StudyError} NOT_FOUND
 */
export async function trainedBlobs(
  { stores }: Pick<OpenWall, 'stores'>,
  actor: StudyActor,
  instanceIds: readonly string[],
): Promise<string[]> {
  const blobs = await stores.trainingExport.blobs(actor.studyId, instanceIds)
  return instanceIds.map((id) => {
    const hash = blobs.get(id)
    if (hash === undefined) throw new StudyError('NOT_FOUND')
    return hash
  })
}
