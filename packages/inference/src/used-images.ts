import type { ExamVolumes } from './exam-volumes.ts'
import { ExportRefusal } from './export-patient.ts'

/** Images that an export was cut from: the first 64 bits of each pixel hash, under the part of its patient. */
export type UsedImages = Map<string, 'train' | 'validation'>

export type ImageUse = {
  readonly part: 'train' | 'validation'
  readonly pixelHashes: ReadonlyMap<string, string>
  readonly volumes: ExamVolumes
}

/**
 * Notes the images named, and gives their pixel hashes. An image without any contrast belongs to nobody: blank slices are
 * alike in all patients.
 *
 * @throws {ExportRefusal} IMAGE_IN_TWO_PARTS
 */
export async function noteImages(
  used: UsedImages,
  { part, pixelHashes, volumes }: ImageUse,
  sops: Iterable<string>,
): Promise<string[]> {
  const blank = await blankImages(volumes)
  const hashes: string[] = []
  for (const sop of sops) {
    const hash = pixelHashes.get(sop)
    if (hash === undefined || blank.has(sop)) continue
    const prefix = hash.slice(0, 16)
    const known = used.get(prefix)
    if (known !== undefined && known !== part) throw new ExportRefusal('IMAGE_IN_TWO_PARTS')
    used.set(prefix, part)
    hashes.push(hash)
  }
  return hashes
}

const blanks = new WeakMap<ExamVolumes, { opened: number; sops: Set<string> }>()

async function blankImages(volumes: ExamVolumes): Promise<ReadonlySet<string>> {
  const known = blanks.get(volumes)
  if (known?.opened === volumes.opened.size) return known.sops
  const sops = new Set<string>()
  for (const { volume, series } of await Promise.all(volumes.opened.values())) {
    for (const [index, { sopInstanceUid }] of series.stack.frames.entries()) {
      const values = volume.slices[index]?.values
      if (values?.every((value) => value === values[0])) sops.add(sopInstanceUid)
    }
  }
  blanks.set(volumes, { opened: volumes.opened.size, sops })
  return sops
}
