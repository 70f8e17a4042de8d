import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { phantomPatient } from './phantom-patient.ts'

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex')
const folder = mkdtempSync(join(tmpdir(), 'phantom-validity-'))
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

const isInstalled = spawnSync('dciodvfy', ['-help'], { encoding: 'utf8' }).error === undefined
if (!isInstalled)
  process.stderr.write('skipped: validity of phantom DICOM (needs dciodvfy, Debian package dicom3tools)\n')

test.skipIf(!isInstalled)(
  'dciodvfy finds no error in the first and last object of every kind',
  { timeout: 60_000 },
  () => {
    const { files } = phantomPatient({
      sha256,
      seed: 'validity',
      index: 0,
      modalities: ['CT', 'MR', 'DX'],
      size: 'compact',
      prevalence: 'natural',
    })
    const kinds = Object.values(Object.groupBy(files, ({ modality }) => modality)).flatMap((all) => [
      all?.[0],
      all?.[Math.floor(all.length / 2)],
      all?.at(-1),
    ])
    for (const [index, file] of kinds.entries()) {
      const path = join(folder, `${index}.dcm`)
      writeFileSync(path, file?.bytes ?? new Uint8Array())
      const { stderr, stdout } = spawnSync('dciodvfy', ['-new', path], { encoding: 'utf8' })
      expect(`${stderr}${stdout}`).not.toMatch(/^Error|Error -/m)
      expect(`${stderr}${stdout}`).toMatch(/CTImage|MRImage|DXImageForPresentation/)
    }
  },
)
