import { expect, test } from 'vitest'
import { planImport, rosterMac } from './import-plan.ts'
import { createKeyFile, openStudyKey } from './study-key.ts'

const file = (name: string, size: number) => ({ name, size })
const key = openStudyKey(createKeyFile('2024-01-01T00:00:00Z'), 'a-study')

test('every file has one index and one pack, in the order of names whatever order they were found in', () => {
  const files = [file('b', 6_000_000), file('a', 6_000_000), file('c', 1)]
  const plan = planImport(files)
  expect(plan).toEqual(planImport(files.toReversed()))
  expect(plan.packs.map((pack) => pack.map(({ index, file: { name } }) => [index, name]))).toEqual([
    [[0, 'a']],
    [
      [1, 'b'],
      [2, 'c'],
    ],
  ])
})

test('a file larger than a pack travels alone and an empty folder has no packs', () => {
  expect(planImport([file('a', 1), file('b', 50_000_000), file('c', 1)]).packs).toHaveLength(3)
  expect(planImport([])).toEqual({ fileCount: 0, packs: [] })
})

test('the roster digest is the same for the same folder and another one for another name, size or key', () => {
  const files = [file('a', 1), file('b', 2)]
  expect(rosterMac(key, files.toReversed())).toBe(rosterMac(key, files))
  const others = [
    rosterMac(key, [file('a', 1), file('c', 2)]),
    rosterMac(key, [file('a', 1), file('b', 3)]),
    rosterMac(openStudyKey(createKeyFile('2024-01-01T00:00:00Z'), 'a-study'), files),
  ]
  expect(new Set([...others, rosterMac(key, files)]).size).toBe(4)
})
