import { createHash } from 'node:crypto'
import type { JointCrop } from './joint-crop.ts'

/** What a network is given for one joint: SHA-256 over the values it sees and which groups are present. */
export function cropHash({ values, present }: Pick<JointCrop, 'values' | 'present'>): string {
  return createHash('sha256')
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .update(Uint8Array.from(present))
    .digest('hex')
}
