import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { agrees, leaves } from './compare.ts'
import { replayFolder } from './node-run-vectors.ts'
import { ruleFor } from './skip-rule.ts'

const OWN = fileURLToPath(new URL('../../vectors', import.meta.url))
const SHARED = fileURLToPath(new URL('../../../../../shared/statistics/vectors', import.meta.url))

function failuresOf(folder: string): readonly string[] {
  const { lines, failed } = replayFolder(folder)
  return failed === 0 ? [] : lines.filter((line) => line.startsWith('FAILED'))
}

test('every golden case of the repository agrees with its tool', () => {
  expect(failuresOf(OWN)).toEqual([])
  expect(replayFolder(OWN).passed).toBeGreaterThan(80)
})

test('every golden case of the shared desk agrees with its tool, those on third-party data too', (context) => {
  if (!existsSync(SHARED)) {
    process.stderr.write('SKIPPED: golden vectors on third-party data need ../shared/statistics/vectors\n')
    context.skip('needs ../shared/statistics/vectors')
  }
  expect(failuresOf(SHARED)).toEqual([])
})

test('a topic that nothing answers fails in one line a case, unless the folder says otherwise; input that breaks an adapter fails alone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'facetgrade-vectors-'))
  const write = (name: string, content: unknown): void => writeFileSync(join(folder, name), JSON.stringify(content))
  try {
    const one = (id: string) => ({ id, input: {}, expected: { a: 1, b: 2 } })
    write('new.json', { topic: 'Not invented yet', cases: [one('first'), one('second')] })
    write('p.json', {
      topic: 'Adjusted p-values',
      cases: [
        { id: 'broken', input: { p: 'what' }, expected: { holm: [1] } },
        { id: 'fine', input: { p: [0.01, 0.04] }, expected: { holm: [0.02, 0.04] } },
      ],
    })
    const rule = { topic: 'Not*', case: 'second', entry: '*', rule: 'skip', reason: 'a later version' }
    write('SKIP.json', { entries: [rule] })
    const { lines, passed, failed } = replayFolder(folder)
    expect({ passed, failed }).toEqual({ passed: 1, failed: 2 })
    expect(lines.filter((line) => line.includes('new.json')).map((line) => line.split(':')[0])).toEqual([
      'new.json',
      'FAILED new.json first',
      'skipped new.json second',
      'skipped as a whole',
    ])
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a value out of tolerance, a missing one and a NaN answered by a number all fail', () => {
  const tolerance = { abs: 1e-9, rel: 1e-9 }
  const fails = (expected: number | string, actual: number | null | undefined): boolean =>
    leaves('entry', expected, actual).some((leaf) => !agrees(leaf, tolerance))
  expect(fails(0.5, 0.500001)).toBe(true)
  expect(fails(0.5, undefined)).toBe(true)
  expect(fails('NaN', 0)).toBe(true)
  expect(fails('NaN', null)).toBe(false)
  expect(fails(0.5, 0.5 + 1e-12)).toBe(false)
})

test('a list longer or shorter than the one expected fails', () => {
  const fails = (actual: number[]): boolean =>
    leaves('entry', [1, 2], actual).some((leaf) => !agrees(leaf, { abs: 0, rel: 0 }))
  expect(fails([1, 2, 3])).toBe(true)
  expect(fails([1])).toBe(true)
  expect(fails([1, 2])).toBe(false)
})

test('a rule on an entry holds for everything inside it', () => {
  const rules = [{ topic: 'T*', case: '*', entry: 'a/b*', rule: 'skip' as const, reason: 'r' }]
  expect(ruleFor(rules, { topic: 'Topic', case: 'c', path: 'a/bc[2]/d' })).toBe(rules[0])
  expect(ruleFor(rules, { topic: 'Topic', case: 'c', path: 'a' })).toBeUndefined()
  expect(ruleFor(rules, { topic: 'other', case: 'c', path: 'a/b' })).toBeUndefined()
})
