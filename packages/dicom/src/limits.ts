const MIB = 1024 * 1024

/** Caps on hostile input. Each is far above what any image of the accepted classes needs. */
export const LIMITS = {
  /** One file as received. An enhanced CT of 1,000 frames of 512 × 512 has 512 MiB and must be exported in parts. */
  fileBytes: 256 * MIB,
  /** What a deflated file may grow to. */
  inflatedBytes: 160 * MIB,
  /** Any value but the pixels. */
  valueBytes: 64 * MIB,
  /** What compressed pixels may decode to. */
  pixelBytes: 256 * MIB,
  /** Rows × columns. The largest detectors have some 30 million; a decoder needs several bytes for each. */
  framePixels: 40_000_000,
  depth: 32,
  elements: 200_000,
  items: 50_000,
  frames: 20_000,
  /** Killable children: wall clock per file, heap of the child. */
  parseMs: 30_000,
  childMemoryMib: 512,
} as const
