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
  const protocol = await parsedProtocol(stores, studyId, reading.protocolVersion)
  return { protocol, levels: patientLevels(protocol, reading.numbering) }
}

const MOST_KEPT = 64
const parsed = new Map<string, Protocol>()

/** A version never changes once it is written, and every grade asks for its own: read and parsed once a process. */
async function parsedProtocol(stores: Pick<Stores, 'protocol'>, studyId: string, version: number): Promise<Protocol> {
  const key = `${studyId}/${version}`
  const known = parsed.get(key)
  if (known) return known
  const found = await stores.protocol.find(studyId, version)
  if (!found) throw new RangeError(`readingForm: no protocol version ${version}`)
  const [oldest] = parsed.keys()
  if (parsed.size >= MOST_KEPT && oldest !== undefined) parsed.delete(oldest)
  parsed.set(key, found.protocol)
  return found.protocol
}
