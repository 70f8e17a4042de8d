import { connect, type Database } from '@facetgrade/db/connect'
import { openQueue } from '@facetgrade/jobs/queue'
import pg from 'pg'
import type { PgBoss } from 'pg-boss'
import { afterAll, beforeAll, inject } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    postgres: { ownerUrl: string; appUrl: string }
  }
}

export type TestDatabase = { db: Database; appUrl: string; ownerUrl: string; owner: pg.Pool; boss: PgBoss }

/** A database of this test file's own, cloned from the migrated template (about 50 ms). Call at the top of the file. */
export function useTestDatabase(): () => TestDatabase {
  let database: TestDatabase | undefined
  const name = `test_${crypto.randomUUID().replaceAll('-', '')}`
  beforeAll(async () => {
    const { ownerUrl, appUrl } = inject('postgres')
    await asOwner(ownerUrl, `CREATE DATABASE ${name} TEMPLATE facetgrade`)
    const renamed = (url: string) => url.replace(/\/facetgrade$/, `/${name}`)
    database = {
      db: connect(renamed(appUrl), { max: 8 }),
      appUrl: renamed(appUrl),
      ownerUrl: renamed(ownerUrl),
      boss: await openQueue(renamed(appUrl), { supervise: false }),
      owner: new pg.Pool({ connectionString: renamed(ownerUrl), max: 2 }),
    }
  })
  afterAll(async () => {
    await database?.boss.stop({ graceful: false })
    await database?.db.$disconnect()
    await database?.owner.end()
    // The database goes with the run's server: dropping it here would fight that server's own autovacuum.
  })
  return () => {
    if (!database) throw new Error('useTestDatabase: called before beforeAll')
    return database
  }
}

async function asOwner(ownerUrl: string, sql: string): Promise<void> {
  // Connected to `postgres`, not to the template: a template in use cannot be cloned.
  const client = new pg.Client({ connectionString: ownerUrl.replace(/\/facetgrade$/, '/postgres') })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
