import { LevelNumbering } from '@facetgrade/grading/level-numbering'
import { Modality } from '@facetgrade/grading/modality'
import { z } from 'zod'
import type { Wall } from '../wall.ts'
import { SIDE_COLUMNS, XraySideColumns } from '../xray-sides/xray-side-columns.ts'

const Source = z.object({ blobHash: z.string(), frame: z.int(), patientId: z.uuid() })
const SideRow = z.object({ sopInstanceUid: z.string(), side: XraySideColumns })

export function caseStore(wall: Wall) {
  return {
    async assignment(assignmentId: string) {
      const row = await wall.assignment.findUnique({ where: { id: assignmentId } })
      if (!row) return undefined
      return {
        assignmentId: row.id,
        memberId: row.memberId,
        patientId: row.patientId,
        examId: row.examId,
        modality: Modality.parse(row.modality),
        round: row.round,
        position: row.position,
        returnedAt: row.returnedAt?.toISOString() ?? null,
      }
    },

    async latestNumbering(patientId: string) {
      const row = await wall.levelNumbering.findFirst({ where: { patientId }, orderBy: { version: 'desc' } })
      return row ? { version: row.version, numbering: LevelNumbering.parse(row.document) } : undefined
    },

    /** In the order of their ids, which are made in time: a series imported later comes last. */
    async series(examId: string) {
      const rows = await wall.series.findMany({ where: { examId }, orderBy: { id: 'asc' }, select: { geometry: true } })
      return rows.map(({ geometry }): unknown => geometry)
    },

    async sides(examId: string) {
      const rows = await wall.$queryRaw<unknown[]>`
        SELECT DISTINCT ON (i.id) i."sopInstanceUid", ${SIDE_COLUMNS} AS side
        FROM "Instance" i JOIN "XraySide" x ON x."instanceId" = i.id
        WHERE i."examId" = ${examId}::uuid ORDER BY i.id, x.id DESC`
      return new Map(
        z
          .array(SideRow)
          .parse(rows)
          .map(({ sopInstanceUid, side }) => [sopInstanceUid, side]),
      )
    },

    /** One statement a frame: a case of 600 slices asks 600 times, and no list of them is read for one. */
    async frameSource(at: { assignmentId: string; series: number; frame: number }) {
      const [row] = await wall.$queryRaw<unknown[]>`
        SELECT i."blobHash", (f.frame->>'frame')::int AS frame, s."patientId"
        FROM (SELECT s.gradable, s.geometry, s."examId", a."patientId", a.modality
          FROM "Assignment" a JOIN "Series" s ON s."examId" = a."examId"
          WHERE a.id = ${at.assignmentId}::uuid AND a."returnedAt" IS NULL
          ORDER BY s.id OFFSET ${at.series} LIMIT 1) s
        CROSS JOIN LATERAL (SELECT s.geometry->'stack'->'frames'->${at.frame}::int AS frame) f
        JOIN "Instance" i ON i."examId" = s."examId" AND i."sopInstanceUid" = f.frame->>'sopInstanceUid'
        WHERE s.gradable
          AND (s.modality <> 'xray' OR EXISTS (SELECT 1 FROM "XraySide" x WHERE x."instanceId" = i.id))`
      return row === undefined ? undefined : Source.parse(row)
    },

    async instanceSource(instanceId: string) {
      const row = await wall.instance.findUnique({
        where: { id: instanceId },
        select: { blobHash: true, examId: true },
      })
      const exam = row && (await wall.exam.findUnique({ where: { id: row.examId }, select: { patientId: true } }))
      return row && exam ? { blobHash: row.blobHash, patientId: exam.patientId } : undefined
    },

    async isWithdrawn(patientId: string) {
      const row = await wall.patient.findUniqueOrThrow({ where: { id: patientId }, select: { withdrawnAt: true } })
      return row.withdrawnAt !== null
    },
  }
}
