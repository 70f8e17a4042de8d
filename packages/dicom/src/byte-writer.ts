import { hasLongHeader, type Vr } from './value-representation.ts'

/** Growing buffer that writes explicit little endian elements. */
export type ByteWriter = {
  readonly length: number
  text(tag: number, vr: Vr, value: string): void
  bytes(tag: number, vr: Vr, value: Uint8Array): void
  numbers(tag: number, vr: 'US' | 'SS' | 'UL' | 'SL' | 'FL' | 'FD', values: readonly number[]): void
  /** Opens a sequence or item of defined length; the returned function closes it and gives the bytes inside. */
  openSequence(tag: number): () => number
  openItem(): () => number
  /** Header of an element whose value the caller appends itself. */
  header(tag: number, vr: Vr, length: number): void
  raw(value: Uint8Array): void
  /** Forgets everything from an earlier length on. */
  truncate(length: number): void
  patchUint32(offset: number, value: number): void
  /** The bytes so far, not copied. */
  view(): Uint8Array<ArrayBuffer>
}

export const NUMBER_SIZE = { US: 2, SS: 2, UL: 4, SL: 4, FL: 4, FD: 8 } as const
const ITEM = 0xfffee000

export function byteWriter(): ByteWriter {
  let buffer = new Uint8Array(16 * 1024)
  let data = new DataView(buffer.buffer)
  let length = 0

  const reserve = (more: number): number => {
    const at = length
    length += more
    if (length > buffer.length) {
      const grown = new Uint8Array(Math.max(buffer.length * 2, length))
      grown.set(buffer.subarray(0, at))
      buffer = grown
      data = new DataView(grown.buffer)
    }
    return at
  }
  const writeTag = (at: number, tag: number): void => {
    data.setUint16(at, tag >>> 16, true)
    data.setUint16(at + 2, tag & 0xffff, true)
  }
  const header = (tag: number, vr: Vr, valueLength: number): void => {
    const isLong = hasLongHeader(vr)
    const at = reserve(isLong ? 12 : 8)
    writeTag(at, tag)
    buffer[at + 4] = vr.charCodeAt(0)
    buffer[at + 5] = vr.charCodeAt(1)
    if (isLong) {
      data.setUint16(at + 6, 0)
      data.setUint32(at + 8, valueLength, true)
    } else data.setUint16(at + 6, valueLength, true)
  }
  const open = (): (() => number) => {
    const start = length
    return () => {
      data.setUint32(start - 4, length - start, true)
      return length - start
    }
  }
  return {
    get length() {
      return length
    },
    text(tag, vr, value) {
      const padded = value.length + (value.length % 2)
      header(tag, vr, padded)
      const at = reserve(padded)
      for (let index = 0; index < value.length; index += 1) buffer[at + index] = value.charCodeAt(index)
      if (padded > value.length) buffer[at + value.length] = vr === 'UI' ? 0 : 0x20
    },
    bytes(tag, vr, value) {
      const padded = value.length + (value.length % 2)
      header(tag, vr, padded)
      const at = reserve(padded)
      buffer.set(value, at)
      if (padded > value.length) buffer[at + value.length] = 0
    },
    numbers(tag, vr, values) {
      const size = NUMBER_SIZE[vr]
      header(tag, vr, size * values.length)
      let at = reserve(size * values.length)
      for (const value of values) {
        writeNumber(data, { at, vr, littleEndian: true }, value)
        at += size
      }
    },
    openSequence(tag) {
      header(tag, 'SQ', 0)
      return open()
    },
    openItem() {
      const at = reserve(8)
      writeTag(at, ITEM)
      return open()
    },
    header,
    raw(value) {
      buffer.set(value, reserve(value.length))
    },
    truncate(to) {
      length = to
    },
    patchUint32(offset, value) {
      data.setUint32(offset, value, true)
    },
    view: () => buffer.subarray(0, length),
  }
}

type NumberPlace = { at: number; vr: keyof typeof NUMBER_SIZE; littleEndian: boolean }

export function writeNumber(data: DataView, { at, vr, littleEndian }: NumberPlace, value: number): void {
  switch (vr) {
    case 'US':
      return data.setUint16(at, value, littleEndian)
    case 'SS':
      return data.setInt16(at, value, littleEndian)
    case 'UL':
      return data.setUint32(at, value, littleEndian)
    case 'SL':
      return data.setInt32(at, value, littleEndian)
    case 'FL':
      return data.setFloat32(at, value, littleEndian)
    case 'FD':
      return data.setFloat64(at, value, littleEndian)
  }
}

export function readNumber(data: DataView, { at, vr, littleEndian }: NumberPlace): number {
  switch (vr) {
    case 'US':
      return data.getUint16(at, littleEndian)
    case 'SS':
      return data.getInt16(at, littleEndian)
    case 'UL':
      return data.getUint32(at, littleEndian)
    case 'SL':
      return data.getInt32(at, littleEndian)
    case 'FL':
      return data.getFloat32(at, littleEndian)
    case 'FD':
      return data.getFloat64(at, littleEndian)
  }
}
