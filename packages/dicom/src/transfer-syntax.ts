import { EXPLICIT_BIG, EXPLICIT_LITTLE, IMPLICIT_LITTLE, type Syntax } from './dataset.ts'

export type PixelEncoding = 'native' | 'rle' | 'jpeg' | 'jpeg-lossless' | 'jpeg-ls' | 'jpeg-2000'

export type TransferSyntax = { dataset: Syntax; isDeflated: boolean; pixels: PixelEncoding; isLossy: boolean }

const plain = (dataset: Syntax): TransferSyntax => ({ dataset, isDeflated: false, pixels: 'native', isLossy: false })
const compressed = (pixels: PixelEncoding, isLossy: boolean): TransferSyntax => ({
  dataset: EXPLICIT_LITTLE,
  isDeflated: false,
  pixels,
  isLossy,
})

export const EXPLICIT_LITTLE_UID = '1.2.840.10008.1.2.1'

/** PS3.6 table A-1, the ones that hold still images. `isLossy` also for those that may be lossy (JPEG-LS near, JPEG 2000). */
export const TRANSFER_SYNTAXES: ReadonlyMap<string, TransferSyntax> = new Map([
  ['1.2.840.10008.1.2', plain(IMPLICIT_LITTLE)],
  [EXPLICIT_LITTLE_UID, plain(EXPLICIT_LITTLE)],
  ['1.2.840.10008.1.2.1.99', { ...plain(EXPLICIT_LITTLE), isDeflated: true }],
  ['1.2.840.10008.1.2.2', plain(EXPLICIT_BIG)],
  ['1.2.840.10008.1.2.5', compressed('rle', false)],
  ['1.2.840.10008.1.2.4.50', compressed('jpeg', true)],
  ['1.2.840.10008.1.2.4.51', compressed('jpeg', true)],
  ['1.2.840.10008.1.2.4.57', compressed('jpeg-lossless', false)],
  ['1.2.840.10008.1.2.4.70', compressed('jpeg-lossless', false)],
  ['1.2.840.10008.1.2.4.80', compressed('jpeg-ls', false)],
  ['1.2.840.10008.1.2.4.81', compressed('jpeg-ls', true)],
  ['1.2.840.10008.1.2.4.90', compressed('jpeg-2000', false)],
  ['1.2.840.10008.1.2.4.91', compressed('jpeg-2000', true)],
])
