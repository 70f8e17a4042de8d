import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Sample, sampleDicom } from '../sample-dicom.ts'

/** Real files of every transfer syntax, read from beside the repository and never copied into it. */
const SHARED = join(import.meta.dirname, '../../../../../shared/data/dicom_robustness')

const SYNTAXES = [
  '1.2.840.10008.1.2',
  '1.2.840.10008.1.2.1',
  '1.2.840.10008.1.2.1.99',
  '1.2.840.10008.1.2.2',
  '1.2.840.10008.1.2.5',
  '1.2.840.10008.1.2.4.50',
  '1.2.840.10008.1.2.4.70',
  '1.2.840.10008.1.2.4.80',
  '1.2.840.10008.1.2.4.90',
] as const
const KINDS: readonly NonNullable<Sample['kind']>[] = ['ct', 'mr', 'dx', 'enhanced-ct']

/** Files to mutate: invented ones of every kind and syntax, and the shared ones where they are. */
export function fuzzSeeds(): { files: Uint8Array<ArrayBuffer>[]; hasShared: boolean } {
  const invented = SYNTAXES.flatMap((transferSyntaxUid) =>
    KINDS.map((kind) => sampleDicom({ kind, write: { transferSyntaxUid } })),
  )
  const hasShared = existsSync(SHARED)
  const shared = hasShared
    ? readdirSync(SHARED, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.dcm'))
        .toSorted()
        .map((name) => new Uint8Array(readFileSync(join(SHARED, name))))
    : []
  return { files: [...invented, ...shared], hasShared }
}
