import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

/** The core runs in the browser too: only files named `node-*` may import Node. */
test('no file of the core imports Node or names its globals', () => {
  const core = readdirSync(import.meta.dirname).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.startsWith('node-'),
  )
  const offenders = core.filter((name) => {
    const source = readFileSync(`${import.meta.dirname}/${name}`, 'utf8')
    return /from 'node:|import\('node:|\bBuffer\b|\bdocument\.|\bwindow\./.test(source)
  })
  expect(core.length).toBeGreaterThan(40)
  expect(offenders).toEqual([])
})
