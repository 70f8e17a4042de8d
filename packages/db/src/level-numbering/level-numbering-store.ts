import { LevelNumbering } from '@facetgrade/grading/level-numbering'
import { Modality } from '@facetgrade/grading/modality'
import { z } from 'zod'
import type { Wall } from '../wall.ts'

const VersionRow = z.object({
  version: z.int(),
  numbering: LevelNumbering,
  confirmedByName: z.string(),
  confirmedAt: z.date().transform((at) => at.toISOString()),
})
const ViewRow = z.object({
  seriesId: z.uuid(),
  modality: Modality,
  plane: z.string().nullable(),
  frames: z.array(z.object({ instanceId: z.uuid(), frame: z.int() })),
})

export function levelNumberingStore(wall: Wall) {
  return {
    async lock(patientId: string) {
      await wall.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('level-numbering ' || ${patientId}, 0))`
    },

    async versions(patientId: string) {
      const rows = await wall.$queryRaw<unknown[]>`
        SELECT n.version, n.document AS numbering, coalesce(u.name, '') AS "confirmedByName", n."confirmedAt"
        FROM "LevelNumbering" n LEFT JOIN "User" u ON u.id = n."confirmedBy"
        WHERE n."patientId" = ${patientId}::uuid ORDER BY n.version DESC`
      return z.array(VersionRow).parse(rows)
    },

    async views(patientId: string) {
      const rows = await wall.$queryRaw<unknown[]>`
        SELECT s.id AS "seriesId", e.modality, s.plane,
          json_agg(json_build_object('instanceId', i.id, 'frame', (f.value->>'frame')::int) ORDER BY f.ordinality) AS frames
        FROM "Exam" e JOIN "Series" s ON s."examId" = e.id
        CROSS JOIN LATERAL jsonb_array_elements(s.geometry->'stack'->'frames') WITH ORDINALITY f
        JOIN "Instance" i ON i."examId" = e.id AND i."sopInstanceUid" = f.value->>'sopInstanceUid'
        WHERE e."patientId" = ${patientId}::uuid
        GROUP BY s.id, e.modality
        ORDER BY s.plane = 'sagittal' DESC NULLS LAST, e.modality = 'xray' DESC, s.plane = 'coronal' DESC NULLS LAST, s.id`
      return z.array(ViewRow).parse(rows)
    },

    async append(
      studyId: string,
      {
        numbering,
        ...confirmed
      }: { patientId: string; version: number; numbering: LevelNumbering; confirmedBy: string },
    ) {
      const written = await wall.$executeRaw`
        INSERT INTO "LevelNumbering" (id, "studyId", "patientId", version, document, "confirmedBy", "confirmedAt")
        VALUES (uuidv7(), ${studyId}::uuid, ${confirmed.patientId}::uuid, ${confirmed.version},
          ${JSON.stringify(numbering)}::jsonb, ${confirmed.confirmedBy}, now())
        ON CONFLICT ("patientId", version) DO NOTHING`
      return written === 1
    },
  }
}
