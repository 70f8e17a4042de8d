import { z } from 'zod'
import type { Json } from '../audit.ts'
import { Prisma } from '../generated/client.ts'
import type { Wall } from '../wall.ts'

const instant = z.date().transform((at) => at.toISOString())
const PlanRow = z.strictObject({
  planId: z.uuid(),
  version: z.int(),
  hash: z.string(),
  createdBy: z.string(),
  createdAt: instant,
  lockedBy: z.string().nullable(),
  lockedAt: instant.nullable(),
  isAfterUnsealing: z.boolean(),
})

const fromRow = ({ lockedBy, lockedAt, isAfterUnsealing, ...row }: z.infer<typeof PlanRow>) => ({
  ...row,
  lock: lockedBy !== null && lockedAt !== null ? { lockedBy, lockedAt, isAfterUnsealing } : null,
})

export function planStore(wall: Wall) {
  const select = async (where: Prisma.Sql) => {
    const rows = await wall.$queryRaw`
      SELECT p.id AS "planId", p.version, p.hash, p."createdBy", p."createdAt", l."lockedBy", l."lockedAt",
        coalesce(l."lockedAt" > (SELECT min(u."unsealedAt") FROM "Unsealing" u WHERE u."studyId" = p."studyId"), false)
          AS "isAfterUnsealing"
      FROM "AnalysisPlan" p LEFT JOIN "AnalysisPlanLock" l ON l."planId" = p.id
      WHERE ${where} ORDER BY p.version DESC`
    return z.array(PlanRow).parse(rows).map(fromRow)
  }
  return {
    list: (studyId: string) => select(Prisma.sql`p."studyId" = ${studyId}::uuid`),
    async find(planId: string) {
      const [plan] = await select(Prisma.sql`p.id = ${planId}::uuid`)
      if (!plan) return undefined
      const { document } = await wall.analysisPlan.findUniqueOrThrow({ where: { id: planId } })
      return { ...plan, document: document as unknown }
    },
    async append({
      studyId,
      document,
      hash,
      createdBy,
    }: {
      studyId: string
      document: Json
      hash: string
      createdBy: string
    }) {
      await wall.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`plan/${studyId}`}, 0))`
      const planId = crypto.randomUUID()
      await wall.$executeRaw`
        INSERT INTO "AnalysisPlan" (id, "studyId", version, document, hash, "createdBy", "createdAt")
        SELECT ${planId}::uuid, ${studyId}::uuid, coalesce(max(version), 0) + 1, ${JSON.stringify(document)}::jsonb, ${hash},
          ${createdBy}, now() FROM "AnalysisPlan" WHERE "studyId" = ${studyId}::uuid`
      const [created] = await select(Prisma.sql`p.id = ${planId}::uuid`)
      if (!created) throw new Error('plan was not written')
      return created
    },
    async lock({ studyId, planId, lockedBy }: { studyId: string; planId: string; lockedBy: string }) {
      const locked = await wall.$executeRaw`
        INSERT INTO "AnalysisPlanLock" ("planId", "studyId", "lockedBy", "lockedAt")
        VALUES (${planId}::uuid, ${studyId}::uuid, ${lockedBy}, now()) ON CONFLICT DO NOTHING`
      return locked === 1
    },
  }
}
