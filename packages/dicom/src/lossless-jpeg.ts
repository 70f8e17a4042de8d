import { Refusal } from './refusal.ts'

type Huffman = { symbols: Uint8Array; maxCode: Int32Array; firstCode: Int32Array; firstIndex: Int32Array }
type Scan = { precision: number; predictor: number; pointTransform: number; restartInterval: number; table: Huffman }

const fail = (): never => {
  throw new Refusal('PIXELS_UNDECODABLE')
}

/**
 * Decodes a grey frame of lossless JPEG with Huffman coding (ITU-T T.81 annex H; process 14, all predictors), as 16-bit
 * words of which the low `precision` bits count. Own code because the library at hand lost the last sample of a frame
 * whose stream ends within its last code.
 *
 * @throws {Refusal} PIXELS_UNDECODABLE: malformed, or the stream ends before the last sample
 */
export function decodeLosslessJpeg(
  frame: Uint8Array<ArrayBuffer>,
  rows: number,
  columns: number,
): Uint16Array<ArrayBuffer> {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
  const tables = new Map<number, Huffman>()
  let precision = 0
  let restartInterval = 0
  let at = 2
  while (at + 4 <= frame.length) {
    if (view.getUint8(at) !== 0xff) return fail()
    const marker = view.getUint8(at + 1)
    if (marker === 0xff) {
      at += 1
      continue
    }
    const length = view.getUint16(at + 2)
    const end = at + 2 + length
    if (length < 2 || end > frame.length) return fail()
    if (marker === 0xc3) precision = view.getUint8(at + 4)
    if (marker === 0xc4) readTables(frame.subarray(at + 4, end), tables)
    if (marker === 0xdd && length === 4) restartInterval = view.getUint16(at + 4)
    if (marker === 0xda) {
      if (length !== 8 || view.getUint8(at + 4) !== 1) return fail()
      const table = tables.get(view.getUint8(at + 6) >>> 4) ?? fail()
      const scan = {
        precision,
        predictor: view.getUint8(at + 7),
        pointTransform: view.getUint8(at + 9) & 15,
        restartInterval,
        table,
      }
      return decodeScan(frame.subarray(end), scan, { rows, columns })
    }
    at = end
  }
  return fail()
}

function readTables(segment: Uint8Array<ArrayBuffer>, into: Map<number, Huffman>): void {
  let at = 0
  while (at < segment.length) {
    const kind = segment[at] ?? 0
    const counts = segment.subarray(at + 1, at + 17)
    const total = counts.reduce((sum, count) => sum + count, 0)
    if (counts.length !== 16 || at + 17 + total > segment.length) fail()
    if (kind >>> 4 === 0) into.set(kind & 15, buildTable(counts, segment.slice(at + 17, at + 17 + total)))
    at += 17 + total
  }
}

/** Canonical codes by length (T.81 §C.2, F.2.2.3). */
function buildTable(counts: Uint8Array, symbols: Uint8Array): Huffman {
  const maxCode = new Int32Array(17).fill(-1)
  const firstCode = new Int32Array(17)
  const firstIndex = new Int32Array(17)
  let code = 0
  let index = 0
  for (let length = 1; length <= 16; length += 1) {
    const count = counts[length - 1] ?? 0
    firstCode[length] = code
    firstIndex[length] = index
    if (count > 0) maxCode[length] = code + count - 1
    code = (code + count) << 1
    index += count
  }
  return { symbols, maxCode, firstCode, firstIndex }
}

function decodeScan(
  data: Uint8Array<ArrayBuffer>,
  scan: Scan,
  { rows, columns }: { rows: number; columns: number },
): Uint16Array<ArrayBuffer> {
  const { precision, predictor, pointTransform, restartInterval } = scan
  if (precision < 2 || precision > 16 || predictor < 1 || predictor > 7 || pointTransform >= precision) return fail()
  const samples = new Uint16Array(rows * columns)
  const start = 1 << (precision - pointTransform - 1)
  const bits = bitReader(data)
  let sinceRestart = 0
  // After a restart the first line is predicted as the first line of the frame is (T.81 §H.1.2.1).
  let firstRow = 0
  let firstColumn = 0
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      if (restartInterval > 0 && sinceRestart === restartInterval) {
        bits.restart()
        sinceRestart = 0
        firstRow = row
        firstColumn = column
      }
      sinceRestart += 1
      const at = row * columns + column
      const predicted =
        row === firstRow
          ? column === firstColumn
            ? start
            : (samples[at - 1] ?? 0)
          : column === 0
            ? (samples[at - columns] ?? 0)
            : predict(predictor, samples[at - 1] ?? 0, samples[at - columns] ?? 0, samples[at - columns - 1] ?? 0)
      samples[at] = predicted + readDifference(bits, scan.table)
    }
  }
  if (pointTransform > 0)
    for (let at = 0; at < samples.length; at += 1) samples[at] = (samples[at] ?? 0) << pointTransform
  return samples
}

/** Predictors of T.81 table H.1 from left, above and above left. */
function predict(predictor: number, left: number, above: number, corner: number): number {
  switch (predictor) {
    case 1:
      return left
    case 2:
      return above
    case 3:
      return corner
    case 4:
      return left + above - corner
    case 5:
      return left + ((above - corner) >> 1)
    case 6:
      return above + ((left - corner) >> 1)
    default:
      return (left + above) >> 1
  }
}

type BitReader = { bit(): number; bits(count: number): number; restart(): void }

function readDifference(reader: BitReader, table: Huffman): number {
  let code = 0
  for (let length = 1; length <= 16; length += 1) {
    code = (code << 1) | reader.bit()
    if (code <= (table.maxCode[length] ?? -1)) {
      const index = (table.firstIndex[length] ?? 0) + code - (table.firstCode[length] ?? 0)
      const size = table.symbols[index] ?? 0
      if (size === 0) return 0
      if (size === 16) return 32_768
      if (size > 16) return fail()
      const value = reader.bits(size)
      return value < 1 << (size - 1) ? value - (1 << size) + 1 : value
    }
  }
  return fail()
}

/** Bits of entropy-coded data with their stuffed zero bytes removed. Reading past a marker or the end is an error. */
function bitReader(data: Uint8Array<ArrayBuffer>): BitReader {
  let at = 0
  let current = 0
  let left = 0
  const bit = (): number => {
    if (left === 0) {
      const byte = data[at] ?? fail()
      at += 1
      if (byte === 0xff) {
        if (data[at] !== 0) return fail()
        at += 1
      }
      current = byte
      left = 8
    }
    left -= 1
    return (current >>> left) & 1
  }
  return {
    bit,
    bits(count) {
      let value = 0
      for (let index = 0; index < count; index += 1) value = (value << 1) | bit()
      return value
    },
    restart() {
      const marker = data[at + 1] ?? 0
      if (data[at] !== 0xff || marker < 0xd0 || marker > 0xd7) fail()
      at += 2
      left = 0
    },
  }
}
