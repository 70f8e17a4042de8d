import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { sampleDicom, text } from '../../packages/dicom/src/sample-dicom.ts'
import { aPersonalToken } from '../../packages/testing/src/personal-token.ts'
import { aWorld } from '../../packages/testing/src/study-world.ts'
import type { Installation } from './installation.ts'
import { load, type Measurement, median } from './measurement.ts'

const CLI = join(import.meta.dirname, '..', '..', 'apps', 'cli', 'src', 'main.ts')
const SIDE = 512
const PER_PATIENT = 100
const run = promisify(execFile)

/** Reading, pseudonymising, sending, verifying, storing and judging: from the command's start to its last answer. */
export async function importing(
  at: Installation,
  { files, runs }: { files: number; runs: number },
): Promise<Measurement[]> {
  const originals = join(at.folder, 'originals')
  writeOriginals(originals, files)
  const before = load()
  const rates: number[] = []
  for (let index = 0; index < runs; index += 1) {
    const world = await aWorld(at.db, at.boss)
    const env = {
      ...process.env,
      FACETGRADE_URL: at.product.origin,
      FACETGRADE_TOKEN: await aPersonalToken(at.db, world.as('coordinator').userId),
      XDG_CONFIG_HOME: join(at.folder, `shell-${index}`),
    }
    const started = performance.now()
    const { stdout } = await run(
      process.execPath,
      ['--no-warnings', CLI, 'import', originals, '--study', world.studyCode, '--json'],
      { env },
    )
    const seconds = (performance.now() - started) / 1000
    const { accepted } = JSON.parse(stdout).outcomes
    if (accepted !== files) throw new Error(`${accepted} of ${files} files were accepted`)
    rates.push(files / seconds)
  }
  return [
    {
      what: 'import through the CLI, pseudonymised, verified and judged',
      value: median(rates),
      unit: 'files/s',
      n: `${files} CT files of 512 KiB, median of ${runs} runs`,
      budget: '≥ 478 files/s (2 × Orthanc’s 239)',
      load: before,
    },
  ]
}

/** Invented CT, one series a patient, with noise in the pixels: no two objects alike, nothing that compresses. */
function writeOriginals(folder: string, files: number): void {
  for (let index = 0; index < files; index += 1) {
    const [patient, slice] = [Math.floor(index / PER_PATIENT), index % PER_PATIENT]
    const series = join(folder, `P${patient}`)
    mkdirSync(series, { recursive: true })
    const bytes = sampleDicom({
      rows: SIDE,
      columns: SIDE,
      pixels: noise(SIDE * SIDE, index + 1),
      with: [
        text(0x00080018, 'UI', `1.2.826.1.${patient}.${slice}`),
        text(0x00100020, 'LO', `MRN${patient}`),
        text(0x00100030, 'DA', '19600102'),
        text(0x0020000d, 'UI', `1.2.826.2.${patient}`),
        text(0x0020000e, 'UI', `1.2.826.3.${patient}`),
        text(0x00200013, 'IS', String(slice + 1)),
        text(0x00200032, 'DS', `-100\\-80\\${slice}`),
      ],
    })
    writeFileSync(join(series, `IM${String(slice).padStart(5, '0')}`), bytes)
  }
}

/** 12-bit words of a small generator: the same for the same seed. */
export function noise(count: number, seed: number): Uint8Array {
  const words = new Uint16Array(count)
  let state = seed
  for (let index = 0; index < count; index += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    words[index] = state >>> 20
  }
  return new Uint8Array(words.buffer)
}
