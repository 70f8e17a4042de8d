import type { Level } from '@facetgrade/grading/joint'
import { patientLevels } from '@facetgrade/grading/level-numbering'
import type { Protocol } from '@facetgrade/grading/protocol'
import type { Stores } from '../stores.ts'
import type { ReadingRow } from './reading-store.ts'

export type ReadingForm = { protocol: Protocol; levels: Level[] }

/** What a reading asks, by the protocol version and the level numbering that it was opened under. */
export async function readingForm(
  stores: Pick<Stores, 'protocol'>,
  studyId: string,
  reading: Pick<ReadingRow, 'protocolVersion' | 'numbering'>,
): Promise<ReadingForm> {
  const found = await stores.protocol.find(studyId, reading.protocolVersion)
  if (!found) throw new RangeError(`readingForm: no protocol version ${reading.protocolVersion}`)
  return { protocol: found.protocol, levels: patientLevels(found.protocol, reading.numbering) }
}
