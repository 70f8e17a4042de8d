import { z } from 'zod'
import { Prisma } from '../generated/client.ts'
import type { Wall } from '../wall.ts'
import { SIDE_COLUMNS, XraySideColumns } from './xray-side-columns.ts'

const ImageRow = z
  .object({
    instanceId: z.uuid(),
    patientCode: z.string(),
    enrolmentNumber: z.int(),
    header: z.unknown(),
    side: XraySideColumns.nullable(),
    confirmedAt: z.date().nullable(),
  })
  .transform(({ side, confirmedAt, ...image }) => ({
    ...image,
    side: side && confirmedAt ? { ...side, confirmedAt: confirmedAt.toISOString() } : null,
  }))

const IMAGE = Prisma.sql`
  SELECT i.id AS "instanceId", p."patientCode", p."enrolmentNumber", i.header, x.side, x."confirmedAt"
  FROM "Instance" i JOIN "Exam" e ON e.id = i."examId" AND e.modality = 'xray' JOIN "Patient" p ON p.id = e."patientId"
  LEFT JOIN LATERAL (SELECT ${SIDE_COLUMNS} AS side, x."confirmedAt" FROM "XraySide" x
    WHERE x."instanceId" = i.id ORDER BY x.id DESC LIMIT 1) x ON true
  WHERE p."withdrawnAt" IS NULL`

type Side = z.infer<typeof XraySideColumns>

export function xraySideStore(wall: Wall) {
  const images = async (rest: Prisma.Sql) => z.array(ImageRow).parse(await wall.$queryRaw<unknown[]>`${IMAGE} ${rest}`)
  return {
    images(studyId: string, page: { after: string | undefined; take: number; open: boolean }) {
      const after = page.after === undefined ? Prisma.empty : Prisma.sql`AND i.id > ${page.after}::uuid`
      const open = page.open ? Prisma.sql`AND x.side IS NULL` : Prisma.empty
      return images(Prisma.sql`AND i."studyId" = ${studyId}::uuid ${after} ${open} ORDER BY i.id LIMIT ${page.take}`)
    },
    async counts(studyId: string) {
      const [row] = await wall.$queryRaw<unknown[]>`
        SELECT count(*)::int AS images,
          count(*) FILTER (WHERE NOT EXISTS (SELECT 1 FROM "XraySide" x WHERE x."instanceId" = i.id))::int AS open
        FROM "Instance" i JOIN "Exam" e ON e.id = i."examId" AND e.modality = 'xray'
        JOIN "Patient" p ON p.id = e."patientId" AND p."withdrawnAt" IS NULL
        WHERE i."studyId" = ${studyId}::uuid`
      return z.object({ images: z.int(), open: z.int() }).parse(row)
    },
    async find(studyId: string, instanceId: string) {
      return (await images(Prisma.sql`AND i."studyId" = ${studyId}::uuid AND i.id = ${instanceId}::uuid`))[0]
    },
    async confirm(studyId: string, instanceId: string, side: Side, confirmedBy: string) {
      await wall.$executeRaw`
        INSERT INTO "XraySide" (id, "studyId", "instanceId", view, "patientRight", "shownJoints", "confirmedBy", "confirmedAt")
        VALUES (uuidv7(), ${studyId}::uuid, ${instanceId}::uuid, ${side.view}, ${side.patientRight}, ${side.shownJoints},
          ${confirmedBy}, now())`
    },
  }
}
