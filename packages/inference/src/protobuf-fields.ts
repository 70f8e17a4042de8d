/** One field of a protocol buffer message: a number for wire types 0, 1 and 5, bytes for 2. */
export type Field = { readonly number: number; readonly value: number | Uint8Array }

/** The bytes are not a protocol buffer. */
export class ProtobufError extends Error {
  override name = 'ProtobufError'
}

/**
 * The fields of a message in their order, nothing copied.
 *
 * @throws {ProtobufError} truncated, or of a wire type that nobody writes any more
 * @see https://protobuf.dev/programming-guides/encoding/
 */
export function* fieldsOf(bytes: Uint8Array): Generator<Field> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = bytes[at]
      if (byte === undefined) throw new ProtobufError('truncated')
      at += 1
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
    throw new ProtobufError('number too long')
  }
  while (at < bytes.length) {
    const key = varint()
    const number = Math.floor(key / 8)
    if (number === 0) throw new ProtobufError('field 0')
    const wire = key % 8
    if (wire === 0) {
      yield { number, value: varint() }
      continue
    }
    const length = wire === 2 ? varint() : wire === 1 ? 8 : wire === 5 ? 4 : -1
    if (length < 0 || at + length > bytes.length) throw new ProtobufError(length < 0 ? 'wire type' : 'truncated')
    if (wire === 2) yield { number, value: bytes.subarray(at, at + length) }
    else yield { number, value: wire === 1 ? Number(view.getBigUint64(at, true)) : view.getUint32(at, true) }
    at += length
  }
}
