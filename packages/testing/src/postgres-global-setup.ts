import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '@facetgrade/db/embedded-postgres'
import { installQueue } from '@facetgrade/jobs/queue'
import type { TestProject } from 'vitest/node'
import type {} from './postgres-fixture.ts'

const MIGRATE = join(import.meta.dirname, '..', '..', 'db', 'src', 'migrate-main.ts')

/** One server a run; its migrated database is the template that every test file clones (postgres-fixture.ts). */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'facetgrade-test-'))
  chmodSync(folder, 0o711)
  const server = await startEmbeddedPostgres(join(folder, 'postgres'))
  try {
    execFileSync(process.execPath, ['--no-warnings', MIGRATE], {
      env: { ...process.env, DATABASE_MIGRATION_URL: server.ownerUrl },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    await installQueue(server.ownerUrl)
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
