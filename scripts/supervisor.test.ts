import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'facetgrade-start-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function start(variables: Record<string, string>): { status: number | null; said: string } {
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    ['--no-warnings', join(import.meta.dirname, 'start.ts')],
    {
      env: {
        PATH: process.env['PATH'] ?? '',
        FACETGRADE_DATA: join(folder, 'data'),
        FACETGRADE_PORT: '48317',
        ...variables,
      },
      encoding: 'utf8',
      timeout: 20_000,
    },
  )
  return { status, said: `${stdout}${stderr}` }
}

const REFUSALS: readonly [string, Record<string, string>, RegExp][] = [
  ['a data folder that is a file', { FACETGRADE_DATA: join(folder, 'file') }, /^The data folder .* cannot be written/],
  ['an address beyond this machine without TLS', { FACETGRADE_HOST: '0.0.0.0' }, /needs TLS/],
  [
    'a proxy without the address that people type',
    { FACETGRADE_HOST: '0.0.0.0', FACETGRADE_TLS_PROXY: '10.0.0.1' },
    /set FACETGRADE_URL/,
  ],
  [
    'an address that is not https',
    { FACETGRADE_HOST: '0.0.0.0', FACETGRADE_TLS_PROXY: '10.0.0.1', FACETGRADE_URL: 'http://x.test' },
    /must be an https address/,
  ],
  ['one database address of two', { DATABASE_URL: 'postgresql://x' }, /belong together/],
  ['a port that is none', { FACETGRADE_PORT: '99999' }, /^FACETGRADE_PORT/],
]

test.each(REFUSALS)('%s is refused in one sentence', (_case, variables, sentence) => {
  writeFileSync(join(folder, 'file'), '')
  const { status, said } = start(variables)
  expect(said.trim()).toMatch(sentence)
  expect(said.trim().split('\n')).toHaveLength(1)
  expect(status).toBe(1)
})

test('a taken port is refused in one sentence', async () => {
  const other = createServer()
  await new Promise<void>((done) => other.listen(0, '127.0.0.1', done))
  const address = other.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const { status, said } = start({ FACETGRADE_PORT: String(port) })
  other.close()
  expect(said.trim()).toMatch(/^Port \d+ on 127\.0\.0\.1 is taken; [^\n]*$/)
  expect(status).toBe(1)
})
