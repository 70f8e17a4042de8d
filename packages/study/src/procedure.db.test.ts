import { useTestDatabase } from '@facetgrade/testing/postgres-fixture'
import { aWorld, contextOn } from '@facetgrade/testing/study-world'
import { expect, test } from 'vitest'
import { actorIn } from './procedure.ts'

const database = useTestDatabase()

test('a study that is not mine and one that does not exist are refused alike; a role that I lack is named as such', async () => {
  const { db, boss } = database()
  const world = await aWorld(db, boss)
  const { userId } = world.as('J1')
  const session = { userId, name: 'n', email: 'e', isAdministrator: false, hasSecondFactor: true }
  const ctx = contextOn(db, boss, session)
  const other = await aWorld(db, boss)
  await expect(actorIn(ctx, session, other.studyCode, ['reader'])).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(actorIn(ctx, session, 'no-such-study', ['reader'])).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(actorIn(ctx, session, world.studyCode, ['investigator'])).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
  await expect(actorIn(ctx, session, world.studyCode, ['investigator', 'reader'])).resolves.toMatchObject({
    role: 'reader',
    readerCode: 'J1',
  })
})
