import { constants, deflateRawSync } from 'node:zlib'
import type { RandomStream } from '@facetgrade/grading/seeded-random'

type Bytes = Uint8Array<ArrayBuffer>
type Mutation = (base: Bytes, random: RandomStream) => Bytes

/** Where the attributes before the pixels lie: changes there reach the parser and not only the picture. */
const HEADER = 2500
/** A mutant may grow to this; larger files are refused by size before they are read. */
const MAX_BYTES = 24 * 1024 * 1024

const EXTREMES = [0, 1, 2, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff] as const

const somewhere = (base: Bytes, random: RandomStream): number =>
  random.below(3) === 0 ? random.below(base.length) : random.below(Math.min(base.length, HEADER))

const flipBytes: Mutation = (base, random) => {
  const bytes = base.slice()
  for (let count = 1 + random.below(12); count > 0; count -= 1) bytes[somewhere(base, random)] = random.below(256)
  return bytes
}

/** Lengths, counts, rows and columns are all two or four little or big endian bytes. */
const extremeNumber: Mutation = (base, random) => {
  const bytes = base.slice()
  if (bytes.length < 8) return bytes
  const view = new DataView(bytes.buffer)
  for (let count = 1 + random.below(3); count > 0; count -= 1) {
    const at = Math.min(somewhere(base, random), bytes.length - 4)
    const value = EXTREMES[random.below(EXTREMES.length)] ?? 0
    if (random.below(2) === 0) view.setUint16(at, value & 0xffff, random.below(4) > 0)
    else view.setUint32(at, value, random.below(4) > 0)
  }
  return bytes
}

const truncate: Mutation = (base, random) => base.slice(0, somewhere(base, random))

const remove: Mutation = (base, random) => {
  const from = somewhere(base, random)
  return joined(base.subarray(0, from), base.subarray(from + 1 + random.below(64)))
}

const insert: Mutation = (base, random) => {
  const from = somewhere(base, random)
  const noise = Uint8Array.from({ length: 1 + random.below(64) }, () => random.below(256))
  return joined(base.subarray(0, from), noise, base.subarray(from))
}

/** One stretch many times over: endless items, elements and fragments. */
const repeatStretch: Mutation = (base, random) => {
  const from = somewhere(base, random)
  const stretch = base.subarray(from, from + 4 + random.below(60))
  const times = 10 ** (1 + random.below(5))
  const copies = Math.min(times, Math.floor((MAX_BYTES - base.length) / Math.max(1, stretch.length)))
  const repeated = new Uint8Array(stretch.length * copies)
  for (let copy = 0; copy < copies; copy += 1) repeated.set(stretch, copy * stretch.length)
  return joined(base.subarray(0, from), repeated, base.subarray(from))
}

/** A sequence inside a sequence, up to 100,000 deep, in the place of what stood there. */
const nest: Mutation = (base, random) => {
  const from = somewhere(base, random)
  const open = [9, 0, 16, 16, 0x53, 0x51, 0, 0, 255, 255, 255, 255, 254, 255, 0, 224, 255, 255, 255, 255]
  const depth = 10 ** (1 + random.below(5))
  const nested = new Uint8Array(open.length * depth)
  for (let level = 0; level < depth; level += 1) nested.set(open, level * open.length)
  return joined(base.subarray(0, from), nested, base.subarray(from))
}

/** A megabyte of zeros, deflated so that it can stand any number of times in one stream; and the end of a stream. */
const DEFLATED_MEGABYTE = deflateRawSync(new Uint8Array(1024 * 1024), { finishFlush: constants.Z_SYNC_FLUSH })
const DEFLATE_END = Uint8Array.of(3, 0)

/** The rest of the file deflated, and up to 400 MiB long: what a deflated syntax would make of it. */
const bomb: Mutation = (base, random) => {
  const megabytes = Array.from({ length: 1 + random.below(400) }, () => DEFLATED_MEGABYTE)
  return joined(base.subarray(0, somewhere(base, random)), ...megabytes, DEFLATE_END)
}

/** Inside the picture alone: what the decoders of each syntax must survive. */
const flipPixels: Mutation = (base, random) => {
  const bytes = base.slice()
  const from = Math.min(HEADER, Math.floor(base.length / 2))
  for (let count = 1 + random.below(40); count > 0; count -= 1) {
    bytes[from + random.below(base.length - from)] = random.below(256)
  }
  return bytes
}

/** Low bytes of the tags in group 0028 that say what the pixels are: samples, frames, rows, columns, bits, sign. */
const SHAPE_TAGS = [0x02, 0x08, 0x10, 0x11, 0x00, 0x01, 0x02, 0x03] as const

/** Rows, columns, frames and bits that are not those of the picture. */
const pixelLie: Mutation = (base, random) => {
  const bytes = base.slice()
  const low = SHAPE_TAGS[random.below(SHAPE_TAGS.length)] ?? 0x10
  for (let at = 132; at + 10 < Math.min(bytes.length, 20_000); at += 1) {
    if (bytes[at] !== 0x28 || bytes[at + 1] !== 0 || bytes[at + 2] !== low || bytes[at + 3] !== (low < 4 ? 1 : 0))
      continue
    const value = EXTREMES[random.below(EXTREMES.length)] ?? 0
    new DataView(bytes.buffer).setUint16(at + 8, random.below(2) === 0 ? value & 0xffff : random.below(5000), true)
  }
  return bytes
}

const MUTATIONS: readonly Mutation[] = [
  flipBytes,
  flipBytes,
  flipBytes,
  extremeNumber,
  extremeNumber,
  flipPixels,
  flipPixels,
  flipPixels,
  pixelLie,
  pixelLie,
  truncate,
  remove,
  insert,
  repeatStretch,
  nest,
  bomb,
]

/** A hostile file: one or two changes to a valid one. The same stream gives the same bytes. */
export function mutant(bases: readonly Bytes[], random: RandomStream): Bytes {
  const base = bases[random.below(bases.length)]
  if (!base) throw new RangeError('no file to begin with')
  let bytes = base
  for (let count = 1 + random.below(2); count > 0; count -= 1) {
    const mutate = MUTATIONS[random.below(MUTATIONS.length)] ?? flipBytes
    if (bytes.length > 0) bytes = mutate(bytes, random)
  }
  return bytes.length > MAX_BYTES ? bytes.slice(0, MAX_BYTES) : bytes
}

function joined(...parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}
