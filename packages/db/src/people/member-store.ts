import { Role } from '@facetgrade/grading/role'
import type { Prisma } from '../generated/client.ts'
import type { Wall } from '../wall.ts'

const WITH_PERSON = {
  user: {
    select: { name: true, email: true, accounts: { where: { providerId: 'credential' }, select: { id: true } } },
  },
} as const
type Row = Prisma.MemberGetPayload<{ include: typeof WITH_PERSON }>

const toMember = (row: Row) => ({
  memberId: row.id,
  userId: row.userId,
  name: row.user.name,
  email: row.user.email,
  role: Role.parse(row.role),
  readerGroup: row.readerGroup,
  readerCode: row.readerCode,
  createdAt: row.createdAt,
  endedAt: row.endedAt,
  hasAccepted: row.user.accounts.length > 0,
})

/** Who holds which role in a study. Changes of one study's members happen one after another (`wait`). */
export function memberStore(wall: Wall) {
  const wait = (studyId: string) =>
    wall.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`members ${studyId}`}, 0))`
  return {
    async studyIdOf(studyCode: string) {
      return (await wall.study.findUnique({ where: { code: studyCode }, select: { id: true } }))?.id
    },
    async members(studyId: string, page: { after: string | undefined; take: number }) {
      const where = page.after === undefined ? { studyId } : { studyId, id: { gt: page.after } }
      return (await wall.member.findMany({ where, orderBy: { id: 'asc' }, take: page.take, include: WITH_PERSON })).map(
        toMember,
      )
    },
    async membersOf(studyId: string, userId: string) {
      await wait(studyId)
      return (await wall.member.findMany({ where: { studyId, userId }, include: WITH_PERSON })).map(toMember)
    },
    async member(studyId: string, memberId: string) {
      const row = await wall.member.findFirst({ where: { studyId, id: memberId }, include: WITH_PERSON })
      return row ? toMember(row) : undefined
    },
    async countMembers(studyId: string, role: string) {
      await wait(studyId)
      return wall.member.count({ where: { studyId, role, endedAt: null } })
    },
    async readerCodes(studyId: string) {
      await wait(studyId)
      const rows = await wall.member.findMany({
        where: { studyId, readerCode: { not: null } },
        select: { readerCode: true },
      })
      return rows.flatMap(({ readerCode }) => (readerCode === null ? [] : [readerCode]))
    },
    async addMember(member: {
      studyId: string
      userId: string
      role: string
      readerGroup: string | null
      readerCode: string | null
      createdBy: string
    }) {
      const { studyId, userId, role, readerGroup, readerCode, createdBy } = member
      const row = await wall.member.upsert({
        where: { studyId_userId_role: { studyId, userId, role } },
        create: { studyId, userId, role, readerGroup, readerCode, createdBy },
        update: { endedAt: null },
        include: WITH_PERSON,
      })
      return toMember(row)
    },
    async endMember(studyId: string, memberId: string) {
      return (
        (await wall.$executeRaw`UPDATE "Member" SET "endedAt" = now() WHERE id = ${memberId}::uuid AND "studyId" = ${studyId}::uuid AND "endedAt" IS NULL`) ===
        1
      )
    },
  }
}
