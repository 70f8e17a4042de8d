import { z } from 'zod'
import { Prisma } from '../generated/client.ts'
import type { Wall } from '../wall.ts'

const UnsealingRow = z.strictObject({
  unsealingId: z.uuid(),
  ordinal: z.int(),
  planId: z.uuid(),
  planVersion: z.int(),
  reason: z.string(),
  unsealedBy: z.string(),
  unsealedAt: z.date().transform((at) => at.toISOString()),
})

export function unsealingStore(wall: Wall) {
  const select = async (where: Prisma.Sql) => {
    const rows = await wall.$queryRaw`
      SELECT u.id AS "unsealingId", u.ordinal, u."planId", p.version AS "planVersion", u.reason, u."unsealedBy", u."unsealedAt"
      FROM "Unsealing" u JOIN "AnalysisPlan" p ON p.id = u."planId" WHERE ${where} ORDER BY u.ordinal`
    return z.array(UnsealingRow).parse(rows)
  }
  return {
    list: (studyId: string) => select(Prisma.sql`u."studyId" = ${studyId}::uuid`),
    async sealHash(studyId: string) {
      return (await wall.splitSeal.findUnique({ where: { studyId }, select: { sealHash: true } }))?.sealHash
    },
    async append({
      studyId,
      planId,
      reason,
      unsealedBy,
    }: {
      studyId: string
      planId: string
      reason: string
      unsealedBy: string
    }) {
      await wall.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`unsealing/${studyId}`}, 0))`
      const unsealingId = crypto.randomUUID()
      await wall.$executeRaw`
        INSERT INTO "Unsealing" (id, "studyId", ordinal, "planId", reason, "unsealedBy", "unsealedAt")
        SELECT ${unsealingId}::uuid, ${studyId}::uuid, coalesce(max(ordinal), 0) + 1, ${planId}::uuid, ${reason}, ${unsealedBy}, now()
        FROM "Unsealing" WHERE "studyId" = ${studyId}::uuid`
      const [created] = await select(Prisma.sql`u.id = ${unsealingId}::uuid`)
      if (!created) throw new Error('unsealing was not written')
      return created
    },
  }
}
