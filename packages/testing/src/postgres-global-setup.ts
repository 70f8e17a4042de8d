import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startEmbeddedPostgres } from '@facetgrade/db/embedded-postgres'
import type { TestProject } from 'vitest/node'

const MIGRATE = fileURLToPath(import.meta.resolve('@facetgrade/db/migrate-main'))

declare module 'vitest' {
  interface ProvidedContext {
    postgres: { ownerUrl: string; appUrl: string }
  }
}

/** One server a run; its migrated database is the template that every test file clones (postgres-fixture.ts). */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'facetgrade-test-'))
  chmodSync(folder, 0o711)
  const server = await startEmbeddedPostgres(join(folder, 'postgres'))
  try {
    execFileSync(process.execPath, ['--no-warnings', MIGRATE], { env: { ...process.env, DATABASE_MIGRATION_URL: server.ownerUrl }, stdio: ['ignore', 'ignore', 'inherit'] })
  } catch (error) {
    await server.stop()
    throw error
  }
  project.provide('postgres', { ownerUrl: server.ownerUrl, appUrl: server.appUrl })
  return async () => {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
