import { existsSync, globSync, watch } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './supervisor-settings.ts'

const QUIET_MS = 250

/** Calls `reload` when a source of the server side changed and has been quiet for a moment. Development only. */
export function watchSources(apps: readonly string[], reload: () => void): void {
  let timer: NodeJS.Timeout | undefined
  const folders = [...apps.map((app) => join('apps', app, 'src')), ...globSync('packages/*/src', { cwd: ROOT })]
  for (const folder of folders.map((path) => join(ROOT, path)).filter((path) => existsSync(path))) {
    watch(folder, { recursive: true }, (_event, name) => {
      if (!name || !/\.(ts|json)$/.test(name) || name.endsWith('.test.ts')) return
      clearTimeout(timer)
      timer = setTimeout(reload, QUIET_MS)
    })
  }
}
