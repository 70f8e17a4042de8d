import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from './embedded-postgres.ts'
import { migrate, schemaDrift } from './migrate.ts'

// Migrations are append-only: this writes the tables of the next one, and its walls are added by hand.
const [, , name] = process.argv
if (name === undefined || !/^\d{14}_[a-z_]+$/.test(name)) {
  process.stderr.write('the name of the new migration, as in 20261124000100_models\n')
  process.exit(2)
}
const folder = mkdtempSync(join(tmpdir(), 'facetgrade-migration-'))
const server = await startEmbeddedPostgres(folder)
try {
  await migrate(server.ownerUrl)
  const target = join(import.meta.dirname, '..', 'prisma', 'migrations', name)
  const sql = await schemaDrift(server.ownerUrl)
  mkdirSync(target)
  writeFileSync(join(target, 'migration.sql'), sql, { flag: 'wx' })
  process.stdout.write(`wrote ${target}\n`)
} finally {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
}
process.exit(0)
