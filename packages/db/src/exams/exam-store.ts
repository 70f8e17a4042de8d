import { Modality } from '@facetgrade/grading/modality'
import { z } from 'zod'
import type { Prisma } from '../generated/client.ts'
import type { Wall } from '../wall.ts'

type ExamRecord = {
  id: string
  patientId: string
  modality: string
  studyInstanceUid: string
  shiftedDate: string | null
}
type SeriesKey = { examId: string; seriesInstanceUid: string }
type Stack = { plane: string | null; gradable: boolean; code: string | null; frames: readonly object[] }
type Geometry = { stacks: readonly Stack[]; role: string }
/** What Series.geometry must hold for a list; the rest is read by those who show images. */
const SeriesSummary = z.object({ role: z.string(), stack: z.object({ frames: z.array(z.unknown()) }) })

const fromExam = (row: ExamRecord) => ({
  examId: row.id,
  patientId: row.patientId,
  modality: Modality.parse(row.modality),
  studyInstanceUid: row.studyInstanceUid,
  shiftedDate: row.shiftedDate,
})

/** Headers and stacks are documents of packages/dicom: written as given, parsed by who reads them. */
export function examStore(wall: Wall) {
  return {
    async byStudyUids(studyId: string, uids: readonly string[]) {
      return (await wall.exam.findMany({ where: { studyId, studyInstanceUid: { in: [...uids] } } })).map(fromExam)
    },
    async ofPatients(patientIds: readonly string[]) {
      const rows = await wall.exam.findMany({ where: { patientId: { in: [...patientIds] } }, orderBy: { id: 'asc' } })
      return rows.map(fromExam)
    },
    async create(exams: readonly (Omit<ReturnType<typeof fromExam>, 'examId'> & { studyId: string })[]) {
      return (await wall.exam.createManyAndReturn({ data: [...exams] })).map(fromExam)
    },
    async instancesBySop(studyId: string, uids: readonly string[]) {
      const rows = await wall.instance.findMany({
        where: { studyId, sopInstanceUid: { in: [...uids] } },
        select: { id: true, sopInstanceUid: true, blobHash: true },
      })
      return rows.map(({ id, ...row }) => ({ ...row, instanceId: id }))
    },
    async createInstances(
      instances: readonly {
        studyId: string
        examId: string
        seriesInstanceUid: string
        sopInstanceUid: string
        sopClassUid: string
        blobHash: string
        pixelHash: string
        header: object
      }[],
    ) {
      const rows = await wall.instance.createManyAndReturn({
        data: instances.map((instance) => ({ ...instance, header: instance.header as Prisma.InputJsonObject })),
        select: { id: true, sopInstanceUid: true, blobHash: true },
      })
      return rows.map(({ id, ...row }) => ({ ...row, instanceId: id }))
    },
    async seriesTouchedBy(importId: string) {
      return wall.$queryRaw<SeriesKey[]>`SELECT DISTINCT i."examId"::text AS "examId", i."seriesInstanceUid"
        FROM "ImportFile" f JOIN "Instance" i ON i.id = f."instanceId"
        WHERE f."importId" = ${importId}::uuid AND f.outcome = 'accepted' ORDER BY 1, 2`
    },
    async headers(series: SeriesKey) {
      const rows = await wall.instance.findMany({ where: series, select: { header: true }, orderBy: { id: 'asc' } })
      return rows.map((row): unknown => row.header)
    },
    async putSeries(studyId: string, series: SeriesKey, geometry: Geometry) {
      for (const [stack, judged] of geometry.stacks.entries()) {
        const document = { stack: judged, role: geometry.role }
        const data = {
          examId: series.examId,
          plane: judged.plane,
          gradable: judged.gradable,
          notGradableCode: judged.code,
          geometry: document as unknown as Prisma.InputJsonObject, // plain JSON by its schema in packages/dicom
        }
        const { seriesInstanceUid } = series
        await wall.series.upsert({
          where: { studyId_seriesInstanceUid_stack: { studyId, seriesInstanceUid, stack } },
          create: { studyId, seriesInstanceUid, stack, ...data },
          update: data,
        })
      }
      await wall.series.deleteMany({ where: { studyId, ...series, stack: { gte: geometry.stacks.length } } })
    },
    async series(examIds: readonly string[]) {
      const rows = await wall.series.findMany({
        where: { examId: { in: [...examIds] } },
        orderBy: [{ examId: 'asc' }, { seriesInstanceUid: 'asc' }, { stack: 'asc' }],
      })
      return rows.map((row) => {
        const { role, stack } = SeriesSummary.parse(row.geometry)
        return {
          seriesId: row.id,
          examId: row.examId,
          seriesInstanceUid: row.seriesInstanceUid,
          stack: row.stack,
          plane: row.plane,
          gradable: row.gradable,
          notGradableCode: row.notGradableCode,
          role,
          frames: stack.frames.length,
        }
      })
    },
  }
}
