import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Chain } from './chain.ts'

const FOLDER = join(import.meta.dirname, '..', '..', '..', '..', 'docs', 'images')

/** Writes the pictures of docs/walkthrough.md when UPDATE_WALKTHROUGH=1; otherwise undefined. */
export function picturesOfTheWalkthrough(): Chain['shot'] | undefined {
  if (process.env['UPDATE_WALKTHROUGH'] !== '1') return undefined
  mkdirSync(FOLDER, { recursive: true })
  return async (page, name) => {
    await page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled' })
  }
}
