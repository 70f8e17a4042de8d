import { useTestDatabase } from '@facetgrade/testing/postgres-fixture'
import { expect, test } from 'vitest'
import { audit } from './audit.ts'
import { inWall, systemActor, type WallActor } from './wall.ts'

const database = useTestDatabase()

const EVENT_TABLES = [
  'GradeEvent',
  'ConsensusCell',
  'ReferenceCell',
  'Signature',
  'AuditEntry',
  'SplitSeal',
  'SplitAllocation',
  'Unsealing',
] as const

async function aStudy(): Promise<{ studyId: string; memberId: string }> {
  const { db } = database()
  const userId = crypto.randomUUID()
  await db.user.create({ data: { id: userId, name: 'R', email: `${userId}@example.test` } })
  const studyId = crypto.randomUUID()
  const administrator: WallActor = { userId, role: 'administrator', studyId, memberId: null }
  return inWall(db, administrator, async (wall) => {
    await wall.study.create({
      data: { id: studyId, code: `s-${studyId.slice(0, 8)}`, title: 'T', kind: 'real', createdBy: userId },
    })
    const member = await wall.member.create({
      data: { studyId, userId, role: 'reader', readerGroup: 'junior', readerCode: 'J1', createdBy: userId },
    })
    return { studyId, memberId: member.id }
  })
}

function anEvent(studyId: string, memberId: string) {
  return {
    id: crypto.randomUUID(),
    studyId,
    readingId: crypto.randomUUID(),
    memberId,
    patientId: crypto.randomUUID(),
    sequence: 1,
    level: 'L4L5',
    side: 'left',
    feature: 'narrowing',
    value: { kind: 'graded', grade: 1 },
    origin: 'graded',
    protocolVersion: 1,
    clientOffsetMs: 5,
    previousHash: '',
    hash: 'h',
  }
}

test('outside a wall the application sees no study row at all', async () => {
  await aStudy()
  expect(await database().db.study.count()).toBe(0)
  expect(await database().db.member.count()).toBe(0)
})

test("a reader cannot select another reader's grade, nor insert one in another's name", async () => {
  const { studyId, memberId } = await aStudy()
  const { db } = database()
  await inWall(db, systemActor(studyId), (wall) => wall.gradeEvent.create({ data: anEvent(studyId, memberId) }))
  const as = (id: string): WallActor => ({ userId: 'u', role: 'reader', studyId, memberId: id })
  expect(await inWall(db, as(memberId), (wall) => wall.gradeEvent.count())).toBe(1)
  expect(await inWall(db, as(crypto.randomUUID()), (wall) => wall.gradeEvent.count())).toBe(0)
  await expect(
    inWall(db, as(crypto.randomUUID()), (wall) => wall.gradeEvent.create({ data: anEvent(studyId, memberId) })),
  ).rejects.toThrow(/row-level security/)
})

test('before an unsealing an investigator selects no grade of a test patient, afterwards they do', async () => {
  const { studyId, memberId } = await aStudy()
  const { db } = database()
  const [train, held] = [anEvent(studyId, memberId), anEvent(studyId, memberId)]
  await inWall(db, systemActor(studyId), async (wall) => {
    await wall.splitAllocation.createMany({
      data: [
        { patientId: train.patientId, studyId, part: 'train', stratum: '', origin: 'sealed' },
        { patientId: held.patientId, studyId, part: 'test', stratum: '', origin: 'sealed' },
      ],
    })
    await wall.gradeEvent.createMany({ data: [train, held] })
  })
  const seen = (role: 'investigator' | 'modeller' | 'coordinator' | 'monitor') =>
    inWall(db, { userId: 'u', role, studyId, memberId: null }, async (wall) =>
      (await wall.gradeEvent.findMany()).map((event) => event.id),
    )
  expect(await seen('investigator')).toEqual([train.id])
  await inWall(db, systemActor(studyId), (wall) =>
    wall.unsealing.create({ data: { studyId, ordinal: 1, planId: crypto.randomUUID(), reason: 'r', unsealedBy: 'u' } }),
  )
  expect((await seen('investigator')).toSorted()).toEqual([train.id, held.id].toSorted())
  expect(await seen('modeller')).toEqual([train.id])
  expect(await seen('coordinator')).toEqual([])
  expect(await seen('monitor')).toEqual([])
})

test.each(EVENT_TABLES)(
  '%s refuses update and delete by privilege for the application and by trigger for the owner',
  async (table) => {
    const { studyId, memberId } = await aStudy()
    const { db, owner } = database()
    await inWall(db, systemActor(studyId), async (wall) => {
      await wall.gradeEvent.create({ data: anEvent(studyId, memberId) })
      await audit(wall, { action: 'test.wrote', object: 'Test', objectId: 'x' })
    })
    for (const sql of [`UPDATE "${table}" SET "studyId" = "studyId"`, `DELETE FROM "${table}"`]) {
      await expect(inWall(db, systemActor(studyId), (wall) => wall.$executeRawUnsafe(sql))).rejects.toThrow(
        /permission denied/,
      )
    }
    await expect(owner.query(`TRUNCATE "${table}" CASCADE`)).rejects.toThrow(/append-only/)
  },
)

test('the owner too is refused a change of a grade event, by the trigger', async () => {
  const { studyId, memberId } = await aStudy()
  const { db, owner } = database()
  await inWall(db, systemActor(studyId), (wall) => wall.gradeEvent.create({ data: anEvent(studyId, memberId) }))
  const client = await owner.connect()
  try {
    await client.query(
      `SELECT set_config('facetgrade.role', 'system', false), set_config('facetgrade.study_id', '${studyId}', false)`,
    )
    await expect(client.query(`UPDATE "GradeEvent" SET level = 'L1L2'`)).rejects.toThrow(/append-only/)
    await expect(client.query(`DELETE FROM "GradeEvent"`)).rejects.toThrow(/append-only/)
  } finally {
    client.release(true)
  }
})

test('an audit row carries who, role and study of the transaction and the time of the database', async () => {
  const { studyId } = await aStudy()
  const { db } = database()
  const actor: WallActor = { userId: 'u-7', role: 'investigator', studyId, memberId: null }
  const row = await inWall(db, actor, async (wall) => {
    await audit(wall, {
      action: 'split.sealed',
      object: 'Split',
      objectId: studyId,
      new: { seal: 'abc' },
      why: 'roster is complete',
    })
    return wall.auditEntry.findFirstOrThrow({ where: { action: 'split.sealed' } })
  })
  expect(row).toMatchObject({
    userId: 'u-7',
    role: 'investigator',
    studyId,
    new: { seal: 'abc' },
    why: 'roster is complete',
  })
})
