import { readFileSync, writeFileSync } from 'node:fs'

/**
 * A committed file of golden vectors. They hold the draws still for ever: when a test that reads them fails, the draw
 * has changed and needs a new algorithm version with vectors of its own. UPDATE_VECTORS=1 writes the file; it is for new
 * versions only.
 */
export function goldenVectors<T>(name: string, now: () => T): { committed: T; computed: T } {
  const file = new URL(`./vectors/${name}.json`, import.meta.url)
  const computed = JSON.parse(JSON.stringify(now()))
  if (process.env['UPDATE_VECTORS'] === '1') writeFileSync(file, `${JSON.stringify(computed, null, 2)}\n`)
  return { committed: JSON.parse(readFileSync(file, 'utf8')), computed }
}
