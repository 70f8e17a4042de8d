import type { Protocol } from '@facetgrade/grading/protocol'
import type { OpenWall, StudyActor } from '../procedure.ts'
import type { StudyKind } from '../studies/study-store.ts'
import { noMask, type ReaderMask, readerMask } from './reader-mask.ts'

/** What an export of a study may hold, settled once before its first row. */
export type ExportScope = {
  readonly studyId: string
  readonly studyTitle: string
  readonly kind: StudyKind
  /** Training and validation only, readers masked, nothing that would unmask them. */
  readonly isBlinded: boolean
  readonly mask: ReaderMask
  readonly protocolVersion: number
  /** The protocol in force. */
  readonly protocol: Protocol
  /** Every version under which a reading was made. */
  readonly protocols: ReadonlyMap<number, Protocol>
}

export async function exportScope(
  wall: Pick<OpenWall, 'stores' | 'asSystem'>,
  { studyId }: Pick<StudyActor, 'studyId'>,
  { isBlinded }: { isBlinded: boolean },
): Promise<ExportScope> {
  const { stores } = wall
  const { kind, title } = await stores.studies.show(studyId)
  const { protocol, version } = await stores.protocol.latest(studyId)
  const protocols = new Map([[version, protocol]])
  for (const earlier of await stores.exports.protocolVersions(studyId)) {
    const found = protocols.has(earlier) ? undefined : await stores.protocol.find(studyId, earlier)
    if (found) protocols.set(earlier, found.protocol)
  }
  const scope = { studyId, studyTitle: title, kind, isBlinded, protocol, protocolVersion: version, protocols }
  if (!isBlinded) return { ...scope, mask: noMask }
  const key = await wall.asSystem((system) => system.exports.blindingKey(studyId))
  const readers = await stores.exports.readers(studyId)
  return {
    ...scope,
    mask: readerMask(
      key,
      readers.map(({ code }) => code),
    ),
  }
}
