import { CellKey, CellValue } from '@facetgrade/grading/cell'
import { Modality } from '@facetgrade/grading/modality'
import { JointPoint } from '@facetgrade/grading/points'
import { z } from 'zod'
import { Prisma } from '../generated/client.ts'
import type { Wall } from '../wall.ts'
import { SIDE_COLUMNS, XraySideColumns } from '../xray-sides/xray-side-columns.ts'

const TrainedPart = z.enum(['train', 'validation'])
const PatientRow = z.strictObject({
  patientId: z.uuid(),
  patientCode: z.string(),
  part: TrainedPart,
  sex: z.string().nullable(),
  ageYears: z.int().nullable(),
})
const ExamRow = z.strictObject({
  patientId: z.uuid(),
  examId: z.uuid(),
  modality: Modality,
  shiftedDate: z.string().nullable(),
  points: z.array(JointPoint),
  series: z.array(z.unknown()),
  instances: z.array(z.strictObject({ instanceId: z.uuid(), sop: z.string(), pixelHash: z.string() })),
  sides: z.array(z.strictObject({ sop: z.string(), side: XraySideColumns })),
})
const AnswerRow = z
  .strictObject({ patientId: z.uuid(), modality: Modality, by: z.string(), ...CellKey.shape, value: CellValue })
  .transform(({ level, side, feature, ...row }) => ({ ...row, cell: { level, side, feature } }))

/** Every query joins to the allocation and names both parts; the row policies would show a modeller no other. */
const TRAINED = Prisma.sql`JOIN "SplitAllocation" part ON part."patientId" = p.id AND part.part IN ('train', 'validation')`

export function trainingExportStore(wall: Wall) {
  return {
    async patients({ studyId, after, take }: { studyId: string; after: string | undefined; take: number }) {
      const rows = await wall.$queryRaw`
        SELECT p.id AS "patientId", p."patientCode", part.part, p.sex, p."ageYears"
        FROM "Patient" p ${TRAINED}
        WHERE p."studyId" = ${studyId}::uuid AND p."withdrawnAt" IS NULL
          AND p."patientCode" COLLATE "C" > ${after ?? ''}
        ORDER BY p."patientCode" COLLATE "C" LIMIT ${take}`
      return z.array(PatientRow).parse(rows)
    },
    async hasPoints(studyId: string) {
      const [row] = await wall.$queryRaw<{ has: boolean }[]>`
        SELECT EXISTS (SELECT FROM "Patient" p ${TRAINED} JOIN "Exam" e ON e."patientId" = p.id
          JOIN "PointSet" s ON s."examId" = e.id WHERE p."studyId" = ${studyId}::uuid AND p."withdrawnAt" IS NULL) AS has`
      return row?.has === true
    },
    async exams(patientIds: readonly string[]) {
      const rows = await wall.$queryRaw`
        SELECT e."patientId", e.id AS "examId", e.modality, e."shiftedDate", s.document->'points' AS points,
          coalesce((SELECT json_agg(x.geometry ORDER BY x."seriesInstanceUid", x.stack) FROM "Series" x
            WHERE x."examId" = e.id), '[]'::json) AS series,
          coalesce((SELECT json_agg(json_build_object('instanceId', i.id, 'sop', i."sopInstanceUid", 'pixelHash', i."pixelHash"))
            FROM "Instance" i WHERE i."examId" = e.id), '[]'::json) AS instances,
          coalesce((SELECT json_agg(json_build_object('sop', i."sopInstanceUid", 'side', x.side))
            FROM "Instance" i JOIN LATERAL (SELECT ${SIDE_COLUMNS} AS side FROM "XraySide" x
              WHERE x."instanceId" = i.id ORDER BY x.id DESC LIMIT 1) x ON true
            WHERE i."examId" = e.id), '[]'::json) AS sides
        FROM "Patient" p ${TRAINED} JOIN "Exam" e ON e."patientId" = p.id
        JOIN LATERAL (SELECT document FROM "PointSet" s WHERE s."examId" = e.id ORDER BY s.version DESC LIMIT 1) s ON true
        WHERE p.id = ANY (${[...patientIds]}::uuid[])
        ORDER BY e."patientId", e.modality COLLATE "C", e."shiftedDate" COLLATE "C" NULLS LAST, e.id`
      return z.array(ExamRow).parse(rows)
    },
    /** Last value of every cell of every signed reading of the rounds named. */
    async readerAnswers(patientIds: readonly string[], rounds: readonly string[]) {
      const rows = await wall.$queryRaw`
        SELECT DISTINCT ON (r.id, e.level, e.side, e.feature)
          p.id AS "patientId", r.modality, r.id::text AS by, e.level, e.side, e.feature, e.value
        FROM "Patient" p ${TRAINED} JOIN "Reading" r ON r."patientId" = p.id AND r."signedAt" IS NOT NULL
        JOIN "Assignment" a ON a.id = r."assignmentId" AND a.round = ANY (${[...rounds]})
        JOIN "GradeEvent" e ON e."readingId" = r.id
        WHERE p.id = ANY (${[...patientIds]}::uuid[])
        ORDER BY r.id, e.level, e.side, e.feature, e.sequence DESC`
      return z.array(AnswerRow).parse(rows)
    },
    async referenceAnswers(patientIds: readonly string[], referenceId: string) {
      const rows = await wall.$queryRaw`
        SELECT p.id AS "patientId", c.modality, 'reference' AS by, c.level, c.side, c.feature, c.value
        FROM "Patient" p ${TRAINED} JOIN "ReferenceCell" c ON c."patientId" = p.id
        WHERE c."referenceId" = ${referenceId}::uuid AND p.id = ANY (${[...patientIds]}::uuid[])
        ORDER BY p.id, c.modality, c.level, c.side, c.feature`
      return z.array(AnswerRow).parse(rows)
    },
    async blobs(studyId: string, instanceIds: readonly string[]) {
      const rows = await wall.$queryRaw<{ instanceId: string; blobHash: string }[]>`
        SELECT i.id::text AS "instanceId", i."blobHash" FROM "Instance" i JOIN "Exam" e ON e.id = i."examId"
        JOIN "Patient" p ON p.id = e."patientId" AND p."withdrawnAt" IS NULL ${TRAINED}
        WHERE i."studyId" = ${studyId}::uuid AND i.id = ANY (${[...instanceIds]}::uuid[])`
      return new Map(rows.map(({ instanceId, blobHash }) => [instanceId, blobHash]))
    },
  }
}
