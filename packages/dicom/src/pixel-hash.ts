import { contentHash } from './content-hash.ts'
import type { PixelShape } from './pixel-shape.ts'

/**
 * SHA-256 of shape and stored values: the text `rows columns frames bitsAllocated signed|unsigned` and a line feed in
 * ASCII, then the little endian words of all frames with unused bits cleared. The same image hashes alike whatever
 * transfer syntax it came in.
 */
export async function hashPixels(pixels: Uint8Array<ArrayBuffer>, shape: PixelShape): Promise<string> {
  const text = `${shape.rows} ${shape.columns} ${shape.frames} ${shape.bitsAllocated} ${shape.isSigned ? 'signed' : 'unsigned'}\n`
  return contentHash([new TextEncoder().encode(text), pixels])
}
