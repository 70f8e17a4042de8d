import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from './embedded-postgres.ts'
import { schemaSql } from './migrate.ts'

// Until the first release the tables are one migration, written anew from schema.prisma; the walls are written by hand.
const folder = mkdtempSync(join(tmpdir(), 'facetgrade-migration-'))
const server = await startEmbeddedPostgres(folder)
try {
  const target = join(import.meta.dirname, '..', 'prisma', 'migrations', '20261123000100_tables', 'migration.sql')
  writeFileSync(target, await schemaSql(server.ownerUrl))
  process.stdout.write(`wrote ${target}\n`)
} finally {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
}
