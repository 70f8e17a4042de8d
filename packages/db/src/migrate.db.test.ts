import { useTestDatabase } from '@facetgrade/testing/postgres-fixture'
import { expect, test } from 'vitest'
import { schemaDrift } from './migrate.ts'

const database = useTestDatabase()

test('the migrations, applied one after the other, make what schema.prisma says', async () => {
  expect(await schemaDrift(database().ownerUrl)).toBe('')
})

test('a column that only the database has shows', async () => {
  await database().owner.query('ALTER TABLE "Model" ADD COLUMN stray text')
  expect(await schemaDrift(database().ownerUrl)).toContain('DROP COLUMN "stray"')
})

test('every table that belongs to a study has its row policies forced', async () => {
  const { rows } = await database().owner.query<{ relname: string }>(
    `SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
       AND NOT (relrowsecurity AND relforcerowsecurity) ORDER BY relname`,
  )
  // Accounts and sessions belong to no study; better-auth reads them before anyone is known.
  expect(rows.map(({ relname }) => relname)).toEqual([
    'Account',
    'Passkey',
    'PersonalToken',
    'Session',
    'SigningPin',
    'TwoFactor',
    'User',
    'UserNotice',
    'Verification',
    '_prisma_migrations',
  ])
})
