import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PointsFile } from '@facetgrade/grading/points-file'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runCli } from './run-cli.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'phantom-cli-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

async function facetgrade(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  let [out, err] = ['', '']
  const status = await runCli(args, {
    env: {},
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
    isTerminal: true,
    now: () => performance.now(),
  })
  return { status, out, err }
}
const phantom = (out: string, ...more: string[]) =>
  facetgrade('phantom', '--patients', '3', '--seed', 'cli', '--out', join(folder, out), '--compact', ...more)

/** Every file below a folder with the hash of its bytes. */
function hashesOf(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(root, name)).isFile())
    .toSorted()
    .map(
      (name) =>
        `${name} ${createHash('sha256')
          .update(readFileSync(join(root, name)))
          .digest('hex')}`,
    )
}

test('one thread and three write the same bytes, with tables, points and a manifest that says what it is', async () => {
  const one = await phantom('one', '--modalities', 'DX', '--threads', '1', '--json')
  const three = await phantom('three', '--modalities', 'dx', '--threads', '3')
  expect([one.status, three.status]).toEqual([0, 0])
  expect(hashesOf(join(folder, 'three'))).toEqual(hashesOf(join(folder, 'one')))
  expect(JSON.parse(one.out)).toMatchObject({
    patients: 3,
    files: 12,
    notice: 'synthetic phantoms; says nothing about patients',
  })
  expect(three.err).toMatch(/3\/3 patients · .* patients\/s/)
  const read = (name: string) => readFileSync(join(folder, 'one', name), 'utf8')
  expect(read('patients.csv').trim().split('\n')).toHaveLength(4)
  expect(read('truth.csv').trim().split('\n')).toHaveLength(1 + 3 * 30)
  expect(read('truth.csv')).toMatch(
    /^issuer,patient_id,modality,level,side,feature,grade,visible,cnr\nINVENTED,PH[0-9A-F]{6}-00001,xray,L1L2,left,narrowing,[0-3],[01],/,
  )
  expect(PointsFile.parse(JSON.parse(read('points.json'))).exams).toHaveLength(3)
  expect(JSON.parse(read('phantom.json'))).toMatchObject({
    format: 'facetgrade-phantom/1',
    seed: 'cli',
    size: 'compact',
    prevalence: 'natural',
    files: 12,
  })
})

test.each([
  ['--patients', '0'],
  ['--patients', '1.5'],
  ['--modalities', 'CT,PET'],
  ['--modalities', 'CT,CT'],
  ['--prevalence', 'skewed'],
  ['--seed', 'with space'],
  ['--threads', '0'],
])('%s %s is a usage error in one sentence, and nothing is written', async (option, value) => {
  const { status, err } = await phantom('out', option, value)
  expect(status).toBe(2)
  expect(err).toMatch(new RegExp(`^${option} is [^\\n]+\\n$`))
  expect(readdirSync(folder)).toEqual([])
})

test('a folder with anything in it is refused and left alone; what a killed run left is cleared', async () => {
  mkdirSync(join(folder, 'full'))
  writeFileSync(join(folder, 'full', 'mine.txt'), 'mine')
  const refused = await phantom('full', '--modalities', 'DX')
  expect(refused.status).toBe(3)
  expect(refused.err).toContain('OUT_NOT_EMPTY')
  expect(readdirSync(join(folder, 'full'))).toEqual(['mine.txt'])

  mkdirSync(join(folder, 'again.partial'))
  writeFileSync(join(folder, 'again.partial', 'mine.txt'), 'mine')
  expect((await phantom('again', '--modalities', 'DX')).status).toBe(3)
  writeFileSync(join(folder, 'again.partial', '.facetgrade-phantom-unfinished'), '1')
  expect((await phantom('again', '--modalities', 'DX')).status).toBe(0)
  expect(existsSync(join(folder, 'again.partial'))).toBe(false)
})

test('an interrupt leaves nothing behind and says so', async () => {
  const running = phantom('cancelled', '--threads', '1')
  await expect.poll(() => existsSync(join(folder, 'cancelled.partial')), { timeout: 10_000 }).toBe(true)
  process.emit('SIGINT')
  const { status, err } = await running
  expect(status).toBe(3)
  expect(err).toContain('Cancelled. Nothing was kept. (CANCELLED)')
  expect(readdirSync(folder)).toEqual([])
})
