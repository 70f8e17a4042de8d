import { expect, test } from 'vitest'
import { extractFrame, storedValues } from './frames.ts'
import { pseudonymise } from './pseudonymise.ts'
import { rampPixels, type Sample, sampleDicom, text } from './sample-dicom.ts'
import { createKeyFile, openStudyKey } from './study-key.ts'

const key = openStudyKey(createKeyFile('2026-01-01T00:00:00Z'), 'frames')

async function clean(sample: Sample): Promise<Uint8Array<ArrayBuffer>> {
  const outcome = await pseudonymise(sampleDicom(sample), key, { defaultIssuer: 'H', imagingPeriod: null })
  if (outcome.outcome !== 'accepted') throw new Error(outcome.code)
  return outcome.bytes
}

/** PackBits with literal runs only (PS3.5 annex G), most significant bytes first. */
function runLength(pixels: Uint8Array): Uint8Array {
  const segment = (first: number): number[] => {
    const bytes = [...pixels].filter((_, index) => index % 2 === first)
    return Array.from({ length: bytes.length / 128 }, (_, run) => [
      127,
      ...bytes.slice(run * 128, run * 128 + 128),
    ]).flat()
  }
  const [high, low] = [segment(1), segment(0)]
  const header = new Uint32Array(16)
  header.set([2, 64, 64 + high.length])
  return Uint8Array.from([...new Uint8Array(header.buffer), ...high, ...low])
}

test('each frame of an enhanced image comes with its own place', async () => {
  const bytes = await clean({ kind: 'enhanced-ct' })
  const frames = await Promise.all([0, 1, 2].map((index) => extractFrame(bytes, index)))
  expect(frames.map(({ metadata }) => metadata.position?.[2])).toEqual([0, 2, 4])
  expect(frames.map((frame) => storedValues(frame)[0])).toEqual([0, 256, 512])
  expect(frames[0]?.metadata.pixelSpacingMm).toEqual([0.7, 0.7])
  await expect(extractFrame(bytes, 3)).rejects.toThrow(RangeError)
})

test('run-length and big endian files give the same stored values as plain ones', async () => {
  const pixels = rampPixels(256)
  const swapped = pixels.map((_, index) => pixels[index ^ 1] ?? 0)
  const rle: Sample = {
    with: [{ tag: 0x7fe00010, vr: 'OB', fragments: [runLength(pixels)] }],
    write: { transferSyntaxUid: '1.2.840.10008.1.2.5' },
  }
  const big: Sample = { pixels: swapped, write: { transferSyntaxUid: '1.2.840.10008.1.2.2' } }
  const plain = await clean({})
  expect(await clean(rle)).toEqual(plain)
  expect(await clean(big)).toEqual(plain)
})

test('a run-length frame cut short is refused', async () => {
  const outcome = await pseudonymise(
    sampleDicom({
      with: [{ tag: 0x7fe00010, vr: 'OB', fragments: [runLength(rampPixels(256)).slice(0, 200)] }],
      write: { transferSyntaxUid: '1.2.840.10008.1.2.5' },
    }),
    key,
    { defaultIssuer: 'H', imagingPeriod: null },
  )
  expect(outcome).toMatchObject({ code: 'PIXELS_UNDECODABLE' })
})

test('what a reader may know of a frame holds no identifier, date, description or maker', async () => {
  const bytes = await clean({ with: [text(0x00281050, 'DS', '40\\400'), text(0x00281051, 'DS', '80\\1800')] })
  const { metadata } = await extractFrame(bytes)
  expect(metadata.windows).toEqual([
    { center: 40, width: 80 },
    { center: 400, width: 1800 },
  ])
  expect(JSON.stringify(metadata)).not.toMatch(/2\.25\.|"P[0-9A-Z]{10}"|\d{8}|SIEMENS|SAG/)
  expect(Object.keys(metadata)).not.toContain('sex')
})
