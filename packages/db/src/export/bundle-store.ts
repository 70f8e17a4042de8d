import { z } from 'zod'
import type { Json } from '../audit.ts'
import type { Prisma } from '../generated/client.ts'
import type { Wall } from '../wall.ts'

const instant = z.date().transform((at) => at.toISOString())
const Row = z
  .object({
    id: z.uuid(),
    ordinal: z.int(),
    isBlinded: z.boolean(),
    requestedBy: z.string(),
    requestedAt: instant,
    state: z.enum(['building', 'ready', 'failed']),
    donePatients: z.int(),
    allPatients: z.int().nullable(),
    failureCode: z.string().nullable(),
    contentHash: z.string().nullable(),
    bytes: z.bigint().transform(Number).nullable(),
    finishedAt: instant.nullable(),
  })
  .transform(({ id, ...row }) => ({ bundleId: id, ...row }))

export function bundleStore(wall: Wall) {
  return {
    async create(bundle: { studyId: string; isBlinded: boolean; memberId: string; requestedBy: string }) {
      // Two that ask at once get two numbers.
      await wall.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('bundle/' || ${bundle.studyId}, 0))`
      const last = await wall.bundle.aggregate({ where: { studyId: bundle.studyId }, _max: { ordinal: true } })
      const row = await wall.bundle.create({ data: { ...bundle, ordinal: (last._max.ordinal ?? 0) + 1 } })
      return Row.parse(row)
    },
    async list(studyId: string, { before, limit }: { before: number | undefined; limit: number }) {
      const rows = await wall.bundle.findMany({
        where: { studyId, ...(before === undefined ? {} : { ordinal: { lt: before } }) },
        omit: { manifest: true },
        orderBy: { ordinal: 'desc' },
        take: limit,
      })
      return z.array(Row).parse(rows)
    },
    async find(bundleId: string) {
      const row = await wall.bundle.findUnique({ where: { id: bundleId } })
      return row ? { ...Row.parse(row), memberId: row.memberId, manifest: row.manifest as unknown } : undefined
    },
    async progress(bundleId: string, { done, all }: { done: number; all: number }) {
      await wall.bundle.updateMany({
        where: { id: bundleId, state: 'building' },
        data: { donePatients: done, allPatients: all },
      })
    },
    async finish(
      bundleId: string,
      { contentHash, manifest, bytes }: { contentHash: string; manifest: Json; bytes: number },
    ) {
      await wall.$executeRaw`UPDATE "Bundle" SET state = 'ready', "contentHash" = ${contentHash},
        manifest = ${JSON.stringify(manifest as Prisma.InputJsonValue)}::jsonb, bytes = ${bytes}, "finishedAt" = now()
        WHERE id = ${bundleId}::uuid AND state = 'building'`
    },
    async fail(bundleId: string, code: string) {
      await wall.$executeRaw`UPDATE "Bundle" SET state = 'failed', "failureCode" = ${code}, "finishedAt" = now()
        WHERE id = ${bundleId}::uuid AND state = 'building'`
    },
  }
}
