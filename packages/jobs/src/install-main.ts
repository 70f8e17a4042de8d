import { installQueue } from './queue.ts'

// A process of its own, as the migration is: it alone needs the owner's rights.
const url = process.env['DATABASE_MIGRATION_URL']
if (!url) {
  process.stderr.write('DATABASE_MIGRATION_URL is not set: it names the database as its owner, who alone may migrate\n')
  process.exit(2)
}
await installQueue(url)
process.stdout.write('the job queue is installed\n')
process.exit(0)
