import { LevelNumbering } from '@facetgrade/grading/level-numbering'
import { Modality } from '@facetgrade/grading/modality'
import { JointPoint, PublishedSource } from '@facetgrade/grading/points'
import { z } from 'zod'
import { Prisma } from '../generated/client.ts'
import type { Wall } from '../wall.ts'
import { SIDE_COLUMNS, XraySideColumns } from '../xray-sides/xray-side-columns.ts'

const iso = z.date().transform((at) => at.toISOString())
const Document = z.strictObject({ points: z.array(JointPoint) })
const SetRow = z
  .strictObject({
    examId: z.uuid(),
    version: z.int(),
    source: PublishedSource,
    document: Document,
    publishedByName: z.string(),
    publishedAt: iso,
  })
  .transform(({ document, ...set }) => ({ ...set, points: document.points }))
const SummaryRow = z.strictObject({
  examId: z.uuid(),
  patientCode: z.string(),
  modality: Modality,
  version: z.int().nullable(),
  source: PublishedSource.nullable(),
  joints: z.int(),
  publishedAt: iso.nullable(),
})
const GroundRow = z.strictObject({
  examId: z.uuid(),
  modality: Modality,
  isWithdrawn: z.boolean(),
  numbering: LevelNumbering.nullable(),
  stacks: z.array(z.strictObject({ frameOfReference: z.string().nullable(), stack: z.unknown() })),
  images: z.array(z.strictObject({ sop: z.string(), header: z.unknown(), side: XraySideColumns.nullable() })),
})

const SETS = Prisma.sql`
  SELECT p."examId", p.version, p.source, p.document, coalesce(u.name, '') AS "publishedByName", p."publishedAt"
  FROM "PointSet" p LEFT JOIN "User" u ON u.id = p."publishedBy"`

export function pointsStore(wall: Wall) {
  const sets = async (rest: Prisma.Sql) => z.array(SetRow).parse(await wall.$queryRaw<unknown[]>`${SETS} ${rest}`)
  return {
    latest: (examIds: readonly string[]) =>
      sets(Prisma.sql`WHERE p."examId" = ANY (${[...examIds]}::uuid[]) AND p.version =
        (SELECT max(l.version) FROM "PointSet" l WHERE l."examId" = p."examId") ORDER BY p."examId"`),
    versions: (examId: string) => sets(Prisma.sql`WHERE p."examId" = ${examId}::uuid ORDER BY p.version DESC`),

    async summaries(studyId: string, page: { after: string | undefined; take: number }) {
      const after = page.after === undefined ? Prisma.empty : Prisma.sql`AND e.id > ${page.after}::uuid`
      const rows = await wall.$queryRaw<unknown[]>`
        SELECT e.id AS "examId", pt."patientCode", e.modality, l.version, l.source, l."publishedAt",
          (SELECT count(DISTINCT (point->>'level', point->>'side'))::int
            FROM jsonb_array_elements(l.document->'points') point) AS joints
        FROM "Exam" e JOIN "Patient" pt ON pt.id = e."patientId" AND pt."withdrawnAt" IS NULL
        LEFT JOIN LATERAL (SELECT * FROM "PointSet" p WHERE p."examId" = e.id ORDER BY p.version DESC LIMIT 1) l ON true
        WHERE e."studyId" = ${studyId}::uuid ${after} ORDER BY e.id LIMIT ${page.take}`
      return z.array(SummaryRow).parse(rows)
    },

    async ground(examIds: readonly string[]) {
      const rows = await wall.$queryRaw<unknown[]>`
        SELECT e.id AS "examId", e.modality, pt."withdrawnAt" IS NOT NULL AS "isWithdrawn",
          (SELECT n.document FROM "LevelNumbering" n WHERE n."patientId" = e."patientId"
            ORDER BY n.version DESC LIMIT 1) AS numbering,
          coalesce((SELECT json_agg(json_build_object('stack', s.geometry->'stack', 'frameOfReference',
              (SELECT i.header->>'frameOfReferenceUid' FROM "Instance" i WHERE i."examId" = e.id
                AND i."seriesInstanceUid" = s."seriesInstanceUid" LIMIT 1)))
            FROM "Series" s WHERE s."examId" = e.id AND e.modality <> 'xray'), '[]'::json) AS stacks,
          coalesce((SELECT json_agg(json_build_object('sop', i."sopInstanceUid", 'header', i.header, 'side',
              (SELECT ${SIDE_COLUMNS} FROM "XraySide" x WHERE x."instanceId" = i.id ORDER BY x.id DESC LIMIT 1)))
            FROM "Instance" i WHERE i."examId" = e.id AND e.modality = 'xray'), '[]'::json) AS images
        FROM "Exam" e JOIN "Patient" pt ON pt.id = e."patientId"
        WHERE e.id = ANY (${[...examIds]}::uuid[])`
      return z.array(GroundRow).parse(rows)
    },

    async append(
      studyId: string,
      given: readonly {
        examId: string
        version: number
        source: PublishedSource
        points: readonly JointPoint[]
        publishedBy: string
      }[],
    ) {
      const { count } = await wall.pointSet.createMany({
        data: given.map(({ points, ...set }) => ({ ...set, studyId, document: { points: [...points] } })),
        skipDuplicates: true,
      })
      return count
    },
  }
}
