import { type FileHandle, open } from 'node:fs/promises'

const DESCRIPTION = { float16: '<f2', float32: '<f4', uint8: '|u1', int8: '|i1' } as const
export type NpyType = keyof typeof DESCRIPTION

const HEADER_BYTES = 128
/** Rows are gathered to about this size before they are written. */
const BUFFER_BYTES = 4 * 1024 * 1024

export type NpyWriter = {
  readonly path: string
  /** One row: an item along the first axis. */
  add(row: Float32Array | Float64Array | readonly number[]): Promise<void>
  /** Writes the number of rows into the header and closes the file. */
  finish(): Promise<number>
  abandon(): Promise<void>
}

/**
 * NumPy's format 1.0, written row by row in constant memory: the header has a fixed size and learns the number of rows at
 * the end.
 *
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export async function openNpy(path: string, type: NpyType, rowShape: readonly number[]): Promise<NpyWriter> {
  const file = await open(path, 'wx')
  const size = rowShape.reduce((product, one) => product * one, 1)
  let rows = 0
  let parts: Uint8Array[] = []
  let buffered = 0
  const flush = async (): Promise<void> => {
    if (parts.length === 0) return
    await file.writev(parts)
    parts = []
    buffered = 0
  }
  await file.write(headerOf(type, [0, ...rowShape]))
  return {
    path,
    async add(row) {
      if (row.length !== size) throw new RangeError(`npy: a row of ${row.length} instead of ${size}`)
      const bytes = bytesOf(type, row)
      parts.push(bytes)
      buffered += bytes.length
      rows += 1
      if (buffered >= BUFFER_BYTES) await flush()
    },
    async finish() {
      await flush()
      await file.write(headerOf(type, [rows, ...rowShape]), 0, HEADER_BYTES, 0)
      await file.datasync()
      await file.close()
      return rows
    },
    abandon: () => closeQuietly(file),
  }
}

/** The folder is removed next: what matters is that no descriptor stays open. */
const closeQuietly = async (file: FileHandle): Promise<void> => {
  await file.close()
}

function headerOf(type: NpyType, shape: readonly number[]): Uint8Array {
  const text = `{'descr': '${DESCRIPTION[type]}', 'fortran_order': False, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`
  const header = new Uint8Array(HEADER_BYTES).fill(0x20)
  header.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, HEADER_BYTES - 10, 0])
  if (text.length > HEADER_BYTES - 11) throw new RangeError('npy: too many axes')
  header.set(new TextEncoder().encode(text), 10)
  header[HEADER_BYTES - 1] = 0x0a
  return header
}

function bytesOf(type: NpyType, row: Float32Array | Float64Array | readonly number[]): Uint8Array {
  const Values = { float16: Float16Array, float32: Float32Array, uint8: Uint8Array, int8: Int8Array }[type]
  const values = new Values(row)
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}
