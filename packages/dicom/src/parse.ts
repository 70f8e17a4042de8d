import { Inflate } from 'fflate'
import { type Dataset, EXPLICIT_LITTLE, newSource, readDataset } from './dataset.ts'
import { LIMITS } from './limits.ts'
import { Refusal } from './refusal.ts'
import { TRANSFER_SYNTAXES, type TransferSyntax } from './transfer-syntax.ts'
import { asciiText } from './values.ts'

const META_START = 132
const DIRECTORY_CLASS = '1.2.840.10008.1.3.10'

export type ParsedFile = { meta: Dataset; dataset: Dataset; transferSyntax: TransferSyntax }

/**
 * Reads the structure of a DICOM file (PS3.10 §7) without copying or decoding a value.
 *
 * @throws {Refusal} with the code of what is wrong; nothing else is thrown for any bytes whatever
 */
export function parseDicom(bytes: Uint8Array<ArrayBuffer>): ParsedFile {
  if (bytes.length === 0) throw new Refusal('FILE_EMPTY')
  if (bytes.length > LIMITS.fileBytes) throw new Refusal('FILE_TOO_LARGE')
  if (!hasPrefix(bytes)) throw new Refusal('NOT_DICOM')
  const source = newSource(bytes)
  const meta = readDataset(source, { start: META_START, end: bytes.length, until: 0x0003 }, EXPLICIT_LITTLE)
  if (asciiText(meta, 0x00020002) === DIRECTORY_CLASS) throw new Refusal('DICOM_DIRECTORY')
  const transferSyntax = TRANSFER_SYNTAXES.get(asciiText(meta, 0x00020010) ?? '')
  if (transferSyntax === undefined) throw new Refusal('TRANSFER_SYNTAX_UNSUPPORTED')
  if (transferSyntax.isDeflated) {
    const inflated = newSource(inflate(bytes.subarray(meta.end)))
    const dataset = readDataset(inflated, { start: 0, end: inflated.bytes.length }, transferSyntax.dataset)
    return { meta, dataset, transferSyntax }
  }
  const dataset = readDataset(source, { start: meta.end, end: bytes.length }, transferSyntax.dataset)
  return { meta, dataset, transferSyntax }
}

const hasPrefix = (bytes: Uint8Array): boolean =>
  bytes.length > META_START && bytes[128] === 0x44 && bytes[129] === 0x49 && bytes[130] === 0x43 && bytes[131] === 0x4d

const INFLATE_STEP = 4 * 1024

/** Raw deflate in small steps (a step grows at most about 1,000-fold), so that a bomb stops at the cap and not in memory. */
function inflate(deflated: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const chunks: Uint8Array[] = []
  let total = 0
  let isComplete = false
  const stream = new Inflate((chunk, isFinal) => {
    total += chunk.length
    if (total > LIMITS.inflatedBytes) throw new Refusal('INFLATE_LIMIT')
    chunks.push(chunk)
    isComplete ||= isFinal
  })
  try {
    for (let start = 0; start < deflated.length; start += INFLATE_STEP) {
      stream.push(deflated.subarray(start, start + INFLATE_STEP), start + INFLATE_STEP >= deflated.length)
    }
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal('INFLATE_FAILED')
  }
  if (!isComplete) throw new Refusal('INFLATE_FAILED')
  const whole = new Uint8Array(total)
  let offset = 0
  for (const chunk of chunks) {
    whole.set(chunk, offset)
    offset += chunk.length
  }
  return whole
}
