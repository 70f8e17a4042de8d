import { useTestDatabase } from '@facetgrade/testing/postgres-fixture'
import { aWorld } from '@facetgrade/testing/study-world'
import { expect, test } from 'vitest'

const database = useTestDatabase()
const aStudy = async () => {
  const { db, boss } = database()
  const world = await aWorld(db, boss)
  return { world, studyCode: world.studyCode, investigator: world.as('investigator').caller.people }
}
const aPerson = () => ({ email: `${crypto.randomUUID()}@Example.test`, name: 'New Person' })

test('an invited reader gets the next code of their group; a person with an account gets no second link', async () => {
  const { investigator, studyCode } = await aStudy()
  const person = aPerson()
  const first = await investigator.invite({ studyCode, ...person, role: 'reader', readerGroup: 'senior' })
  expect(first).toMatchObject({
    member: { readerCode: 'S3', email: person.email.toLowerCase(), hasAccepted: false },
    expiresInHours: 72,
  })
  expect(first.path).toMatch(/^\/invitation#[A-Za-z0-9_-]{43}$/)
  const { userId } = first.member
  await database().db.account.create({
    data: { id: userId, accountId: userId, providerId: 'credential', userId, password: 'x' },
  })
  const other = await aStudy()
  expect(
    (await other.investigator.invite({ studyCode: other.studyCode, ...person, role: 'coordinator' })).path,
  ).toBeUndefined()
})

test('invitations to one group at the same time give each reader a code of their own', async () => {
  const { investigator, studyCode } = await aStudy()
  const invited = await Promise.all(
    Array.from({ length: 4 }, () =>
      investigator.invite({ studyCode, ...aPerson(), role: 'reader', readerGroup: 'junior' }),
    ),
  )
  expect(new Set(invited.map(({ member }) => member.readerCode))).toEqual(new Set(['J3', 'J4', 'J5', 'J6']))
})

test('a reader holds no other role in the study, and no other role becomes a reader', async () => {
  const { investigator, studyCode, world } = await aStudy()
  const emailOf = async (userId: string) =>
    (await database().db.user.findUniqueOrThrow({ where: { id: userId } })).email
  const reader = { email: await emailOf(world.as('J1').userId), name: 'x' }
  const coordinator = { email: await emailOf(world.as('coordinator').userId), name: 'x' }
  await expect(investigator.invite({ studyCode, ...reader, role: 'statistician' })).rejects.toThrow(
    'READER_STANDS_ALONE',
  )
  await expect(investigator.invite({ studyCode, ...reader, role: 'reader', readerGroup: 'senior' })).rejects.toThrow(
    'ALREADY_MEMBER',
  )
  await expect(
    investigator.invite({ studyCode, ...coordinator, role: 'reader', readerGroup: 'junior' }),
  ).rejects.toThrow('READER_STANDS_ALONE')
  await expect(
    investigator.invite({ studyCode, ...aPerson(), role: 'reader', readerGroup: 'middling' }),
  ).rejects.toThrow('READER_GROUP_UNKNOWN')
})

test('an ended role closes the study at once, stays in the list and the trail, and a reader who comes back keeps the code', async () => {
  const { investigator, studyCode, world } = await aStudy()
  const { memberId, userId, caller } = world.as('J2')
  await investigator.endMembership({ studyCode, memberId, reason: 'on leave for a year' })
  await expect(caller.assignments.mine({ studyCode })).rejects.toThrow('NOT_FOUND')
  await expect(investigator.endMembership({ studyCode, memberId, reason: 'again' })).rejects.toThrow('NOT_FOUND')
  const { email } = await database().db.user.findUniqueOrThrow({ where: { id: userId } })
  await expect(
    investigator.invite({ studyCode, email, name: 'x', role: 'reader', readerGroup: 'senior' }),
  ).rejects.toThrow('READER_IN_OTHER_GROUP')
  const back = await investigator.invite({ studyCode, email, name: 'x', role: 'reader', readerGroup: 'junior' })
  expect(back.member).toMatchObject({ memberId, readerCode: 'J2', endedAt: null })
})

test('the last investigator of a study stays', async () => {
  const { investigator, studyCode, world } = await aStudy()
  const { memberId } = world.as('investigator')
  await expect(investigator.endMembership({ studyCode, memberId, reason: 'moved on' })).rejects.toThrow(
    'LAST_INVESTIGATOR',
  )
})

test('members come a page at a time, to the investigator and the monitor alone', async () => {
  const { investigator, studyCode, world } = await aStudy()
  const first = await investigator.members({ studyCode, take: 5 })
  const rest = await investigator.members({ studyCode, take: 50, after: first.at(-1)?.memberId })
  expect([...first, ...rest].map(({ memberId }) => memberId)).toHaveLength(9)
  await expect(world.as('J1').caller.people.members({ studyCode })).rejects.toThrow('NOT_ALLOWED')
})
