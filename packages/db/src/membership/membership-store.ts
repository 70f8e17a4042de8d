import { Role } from '@facetgrade/grading/role'
import type { Wall } from '../wall.ts'

/** A person's own memberships: the wall shows them to that person before a study is entered. */
export function membershipStore(wall: Wall) {
  return {
    async rolesIn(userId: string, studyCode: string) {
      const members = await wall.member.findMany({
        where: { userId, endedAt: null, study: { code: studyCode } },
        include: { study: { select: { code: true } } },
        orderBy: { id: 'asc' },
      })
      return members.map((member) => ({
        memberId: member.id,
        studyId: member.studyId,
        studyCode: member.study.code,
        role: Role.parse(member.role),
        readerGroup: member.readerGroup,
        readerCode: member.readerCode,
      }))
    },
  }
}
