import { migrate } from './migrate.ts'

// A process of its own: the engine leaves a timer of 10 s behind that would hold its host.
const url = process.env['DATABASE_MIGRATION_URL']
if (!url) {
  process.stderr.write('DATABASE_MIGRATION_URL is not set: it names the database as its owner, who alone may migrate\n')
  process.exit(2)
}
const applied = await migrate(url)
process.stdout.write(`${applied.length === 0 ? 'no migration to apply' : `applied ${applied.join(', ')}`}\n`)
process.exit(0)
