import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { isOutcomeCode } from './outcome-codes.ts'
import { pseudonymise } from './pseudonymise.ts'
import type { PseudonymisedFile, PseudonymiseOutcome } from './pseudonymised-file.ts'
import { judgeSeries } from './series-geometry.ts'
import { createKeyFile, openStudyKey } from './study-key.ts'
import { verify } from './verify.ts'

/** Real images lie beside the checkout where there are some; none of them is in the repository. */
const FOLDER = join(import.meta.dirname, '../../../../shared/data')
const isAbsent = !existsSync(FOLDER)
// oxlint-disable-next-line eslint/no-console -- a skipped proof must be loud
if (isAbsent) console.warn('skipped: the tests on real images need the folder shared/data beside the checkout')

// Hundreds of files, some of them large; how long that takes is no property of ours.
vi.setConfig({ testTimeout: 120_000 })

const key = openStudyKey(createKeyFile('2026-01-01T00:00:00Z'), 'shared')
async function pixelHashOf(file: PseudonymisedFile): Promise<string> {
  const outcome = await verify(file.bytes, { keyFingerprint: key.fingerprint })
  return outcome.outcome === 'clean' ? outcome.pixelHash : outcome.code
}

const read = (path: string): Promise<PseudonymiseOutcome> =>
  pseudonymise(new Uint8Array(readFileSync(path)), key, { defaultIssuer: 'SHARED', imagingPeriod: null })
const filesIn = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? filesIn(path) : [path]
  })
const dicomIn = (folder: string): string[] => filesIn(join(FOLDER, folder)).filter((path) => path.endsWith('.dcm'))

async function acceptedIn(folder: string): Promise<PseudonymisedFile[]> {
  const outcomes = await Promise.all(dicomIn(folder).map(read))
  return outcomes.map((outcome) => {
    if (outcome.outcome !== 'accepted') throw new Error(outcome.code)
    return outcome
  })
}

test.skipIf(isAbsent)('the lumbar CT is one axial volume of 112 slices at 3 mm', async () => {
  const files = await acceptedIn('derived_dicom/CT_lumbar_TS_axial')
  const series = judgeSeries(files.map(({ header }) => header))
  expect(series).toMatchObject({ gradable: true, role: 'axial-bone' })
  expect(series.stacks).toHaveLength(1)
  expect(series.stacks[0]).toMatchObject({ plane: 'axial', sliceSpacingMm: expect.closeTo(3, 3) })
  expect(series.stacks[0]?.frames).toHaveLength(112)
})

test.skipIf(isAbsent)('the lumbar MR is one sagittal volume of 38 slices at 1 mm', async () => {
  const files = await acceptedIn('derived_dicom/MR_sag_T2_SCT')
  const series = judgeSeries(files.map(({ header }) => header))
  expect(series).toMatchObject({ gradable: true, role: 'sagittal-t2' })
  expect(series.stacks[0]?.frames).toHaveLength(38)
})

test.skipIf(isAbsent)('the four projections are accepted with their view', async () => {
  const files = await acceptedIn('derived_dicom/DX_synthetic_DRR')
  const roles = files.map(({ header }) => judgeSeries([header]).role)
  expect(roles.toSorted()).toEqual(['ap', 'lateral', 'oblique', 'oblique'])
})

test.skipIf(isAbsent)('originals with blank identifiers are held, never merged', async () => {
  const outcomes = await Promise.all(dicomIn('ct/totalsegmentator_example').map(read))
  expect(outcomes).toHaveLength(20)
  expect(outcomes.every(({ outcome }) => outcome === 'held')).toBe(true)
})

test.skipIf(isAbsent)('one series of three orientations is three stacks, and a scout is no slice', async () => {
  const localizer = await acceptedIn('mr/fodicom_abd_3plane_localizer')
  const planes = judgeSeries(localizer.map(({ header }) => header)).stacks.map(({ plane }) => plane)
  expect(new Set(planes)).toEqual(new Set(['axial', 'coronal', 'sagittal']))
  const [scout] = await acceptedIn('xray/fodicom_ct_scout_abdomen')
  expect(scout && judgeSeries([scout.header])).toMatchObject({ gradable: false, code: 'LOCALIZER' })
})

test.skipIf(isAbsent)(
  'one image in ten lossless encodings has one pixel hash; lossy ones are flagged or refused',
  async () => {
    const paths = dicomIn('dicom_robustness/cornerstone3D').filter((path) => path.includes('CTImage.dcm_'))
    const lossless = /LittleEndian|BigEndian|Deflated|RLE|JPEGLSLossless|Process14|JPEG2000LosslessOnly/
    const outcomes = await Promise.all(
      paths.map(async (path) => ({ isLossless: lossless.test(path), outcome: await read(path) })),
    )
    const found = outcomes
      .filter(({ isLossless }) => isLossless)
      .map(async ({ outcome }) => (outcome.outcome === 'accepted' ? pixelHashOf(outcome) : outcome.code))
    const hashes = await Promise.all(found)
    expect(hashes).toHaveLength(9)
    expect(new Set(hashes).size).toBe(1)
    expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/)
    const unflagged = outcomes.filter(
      ({ isLossless, outcome }) => !isLossless && outcome.outcome === 'accepted' && !outcome.header.lossy,
    )
    expect(unflagged).toEqual([])
  },
)

test.skipIf(isAbsent)('every file of the robustness collection is answered, none by surprise', async () => {
  for (const path of [...filesIn(join(FOLDER, 'dicom_robustness')), ...filesIn(join(FOLDER, 'deid'))]) {
    const outcome = await read(path)
    expect(outcome.outcome === 'accepted' || (isOutcomeCode(outcome.code) && outcome.code !== 'UNEXPECTED')).toBe(true)
  }
})
