import type { Protocol } from '@facetgrade/grading/protocol'
import { Role } from '@facetgrade/grading/role'
import { z } from 'zod'
import type { Study } from '../generated/client.ts'
import type { Wall } from '../wall.ts'

const StudyKind = z.enum(['real', 'demo', 'synthetic'])

const fromRow = (row: Study) => ({
  studyId: row.id,
  code: row.code,
  title: row.title,
  kind: StudyKind.parse(row.kind),
  keyFingerprint: row.keyFingerprint,
  createdAt: row.createdAt.toISOString(),
})

type NewStudy = {
  code: string
  title: string
  kind: z.infer<typeof StudyKind>
  protocol: Protocol
  protocolHash: string
  createdBy: string
  investigatorUserId: string
}

export function studyStore(wall: Wall) {
  return {
    async mine(userId: string) {
      const studies = await wall.study.findMany({
        where: { members: { some: { userId, endedAt: null } } },
        include: { members: { where: { userId, endedAt: null }, select: { role: true } } },
        orderBy: { id: 'desc' },
      })
      return studies.map((study) => ({
        ...fromRow(study),
        roles: study.members.map((member) => Role.parse(member.role)),
      }))
    },
    async show(studyId: string) {
      return fromRow(await wall.study.findUniqueOrThrow({ where: { id: studyId } }))
    },
    async create(next: NewStudy) {
      const { count } = await wall.study.createMany({
        data: [{ code: next.code, title: next.title, kind: next.kind, createdBy: next.createdBy }],
        skipDuplicates: true,
      })
      if (count === 0) return undefined
      const study = await wall.study.findUniqueOrThrow({ where: { code: next.code } })
      await wall.protocolVersion.create({
        data: {
          studyId: study.id,
          version: 1,
          document: next.protocol,
          hash: next.protocolHash,
          reason: 'First version, with the founding of the study',
          createdBy: next.createdBy,
        },
      })
      await wall.member.create({
        data: { studyId: study.id, userId: next.investigatorUserId, role: 'investigator', createdBy: next.createdBy },
      })
      return fromRow(study)
    },
    async userByEmail(email: string) {
      const user = await wall.user.findUnique({ where: { email: email.toLowerCase() }, select: { id: true } })
      return user ? { userId: user.id } : undefined
    },
  }
}
