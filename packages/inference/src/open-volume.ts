import { type DecodedInstance, decodeInstance } from '@facetgrade/dicom/decode-instance'
import type { SeriesStack } from '@facetgrade/dicom/series-judgement'
import type { Slice, Volume } from './volume.ts'

/** Bytes of a DICOM instance: a blob in the product, a file of a folder elsewhere. */
export type InstanceBytes = (sopInstanceUid: string) => Promise<Uint8Array<ArrayBuffer>>

/** Instances read at once while a volume is opened. */
const AT_ONCE = 8

/**
 * Pixels of a gradable stack in its order. Multi-frame instances are decoded once.
 *
 * @throws {RangeError} the stack has no proven geometry; @throws {Refusal} a file is not readable
 */
export async function openVolume(stack: SeriesStack, instanceBytes: InstanceBytes): Promise<Volume> {
  const { rowDirection, columnDirection, normal, pixelSpacingMm } = stack
  if (stack.kind !== 'volume' || !rowDirection || !columnDirection || !normal || !pixelSpacingMm) {
    throw new RangeError('openVolume: the stack has no proven geometry')
  }
  const instances = await decodeAll(new Set(stack.frames.map(({ sopInstanceUid }) => sopInstanceUid)), instanceBytes)
  const slices = stack.frames.map(({ sopInstanceUid, frame, position }): Slice => {
    const decoded = instances.get(sopInstanceUid)?.frames[frame]
    if (decoded === undefined || position === null) throw new RangeError('openVolume: a frame is not there')
    return { ...decoded, position }
  })
  const [first] = instances.values()
  if (first === undefined) throw new RangeError('openVolume: no instances')
  return {
    slices,
    rows: stack.rows,
    columns: stack.columns,
    rowDirection,
    columnDirection,
    normal,
    rowSpacingMm: pixelSpacingMm[0],
    columnSpacingMm: pixelSpacingMm[1],
    // Hounsfield units stay what they are however a viewer shows them.
    isNegated: first.shape.photometric === 'MONOCHROME1' && first.header.modality !== 'ct',
  }
}

async function decodeAll(
  uids: ReadonlySet<string>,
  instanceBytes: InstanceBytes,
): Promise<Map<string, DecodedInstance>> {
  const decoded = new Map<string, DecodedInstance>()
  const waiting = uids.values()
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const uid of waiting) decoded.set(uid, await decodeInstance(await instanceBytes(uid)))
    }),
  )
  return decoded
}
