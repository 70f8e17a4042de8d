import { Modality } from '@facetgrade/grading/modality'
import { RunFailure } from '@facetgrade/grading/model-problem'
import { Part } from '@facetgrade/grading/part'
import { z } from 'zod'
import { Prisma } from '../generated/client.ts'
import type { Wall } from '../wall.ts'

const AT_ONCE = 1000
/** The window over which a run's pace is told. */
const RECENT_SECONDS = 120
const Purpose = z.enum(['predict', 'propose_points'])
const Scope = z.enum(['study', 'case'])
const State = z.enum(['waiting', 'running', 'done', 'failed', 'given_up', 'cancelled'])
const Time = z.date().transform((at) => at.toISOString())

const CandidateRow = z.strictObject({
  patientId: z.uuid(),
  patientCode: z.string(),
  part: Part.nullable(),
  hasNumbering: z.boolean(),
  examId: z.uuid(),
  modality: Modality,
  shiftedDate: z.string().nullable(),
  isComplete: z.boolean(),
  isAssigned: z.boolean(),
  hasPoints: z.boolean(),
})
const RunRow = z.strictObject({
  runId: z.uuid(),
  modelId: z.uuid(),
  modelSlug: z.string(),
  modelTitle: z.string(),
  isSyntheticOnly: z.boolean(),
  purpose: Purpose,
  scope: Scope,
  parts: z.array(Part),
  requestedBy: z.string(),
  requestedByName: z.string(),
  requestedAt: Time,
  cancelledAt: Time.nullable(),
})
const CountRow = z.strictObject({
  runId: z.uuid(),
  waiting: z.int(),
  running: z.int(),
  done: z.int(),
  failed: z.int(),
  given_up: z.int(),
  cancelled: z.int(),
  wasThere: z.int(),
  recentExams: z.int(),
  recentSeconds: z.number().nullable(),
  startedAt: Time.nullable(),
  finishedAt: Time.nullable(),
})
const FailedRow = z.strictObject({
  examId: z.uuid(),
  patientCode: z.string(),
  modality: Modality,
  failure: RunFailure,
  attempts: z.int(),
  finishedAt: Time.nullable(),
})
const ExamRow = z.strictObject({
  runId: z.uuid(),
  examId: z.uuid(),
  patientId: z.uuid(),
  modality: Modality,
  state: State,
  modelId: z.uuid(),
  purpose: Purpose,
  isCancelled: z.boolean(),
})

type NewRun = {
  readonly studyId: string
  readonly modelId: string
  readonly purpose: z.infer<typeof Purpose>
  readonly scope: z.infer<typeof Scope>
  readonly parts: readonly Part[]
  readonly planId: string | null
  readonly requestedBy: string
  readonly exams: readonly { readonly examId: string; readonly patientId: string; readonly modality: Modality }[]
}

export function modelRunStore(wall: Wall) {
  const rows = async (where: Prisma.Sql) =>
    z.array(RunRow).parse(
      await wall.$queryRaw`
        SELECT r.id AS "runId", r."modelId", m.slug AS "modelSlug", m.title AS "modelTitle", m."isSyntheticOnly", r.purpose,
          r.scope, r.parts, r."requestedBy", coalesce(u.name, '') AS "requestedByName", r."requestedAt", r."cancelledAt"
        FROM "ModelRun" r JOIN "Model" m ON m.id = r."modelId" LEFT JOIN "User" u ON u.id = r."requestedBy"
        WHERE ${where}`,
    )
  const one = (runId: string, examId: string | undefined) =>
    examId === undefined
      ? Prisma.sql`x."runId" = ${runId}::uuid`
      : Prisma.sql`x."runId" = ${runId}::uuid AND x."examId" = ${examId}::uuid`
  return {
    async candidates(studyId: string) {
      const found = await wall.$queryRaw<unknown[]>`
        SELECT p.id AS "patientId", p."patientCode", a.part, e.id AS "examId", e.modality, e."shiftedDate",
          EXISTS (SELECT FROM "LevelNumbering" n WHERE n."patientId" = p.id) AS "hasNumbering",
          CASE WHEN e.modality = 'xray'
            THEN EXISTS (SELECT FROM "Instance" i JOIN "XraySide" x ON x."instanceId" = i.id WHERE i."examId" = e.id)
            ELSE EXISTS (SELECT FROM "Series" s WHERE s."examId" = e.id AND s.gradable) END AS "isComplete",
          EXISTS (SELECT FROM "Assignment" g WHERE g."examId" = e.id) AS "isAssigned",
          EXISTS (SELECT FROM "PointSet" t WHERE t."examId" = e.id) AS "hasPoints"
        FROM "Exam" e JOIN "Patient" p ON p.id = e."patientId" LEFT JOIN "SplitAllocation" a ON a."patientId" = p.id
        WHERE e."studyId" = ${studyId}::uuid AND p."withdrawnAt" IS NULL
        ORDER BY p."patientCode" COLLATE "C", e.modality COLLATE "C", e.id`
      return z.array(CandidateRow).parse(found)
    },
    async create({ exams, ...run }: NewRun) {
      const { id } = await wall.modelRun.create({ data: { ...run, parts: [...run.parts] }, select: { id: true } })
      for (let from = 0; from < exams.length; from += AT_ONCE) {
        await wall.modelRunExam.createMany({
          data: exams.slice(from, from + AT_ONCE).map((exam) => ({ ...exam, runId: id, studyId: run.studyId })),
        })
      }
      return id
    },
    list: (
      studyId: string,
      page: { after: string | undefined; limit: number; purpose: z.infer<typeof Purpose> | undefined },
    ) =>
      rows(Prisma.sql`r."studyId" = ${studyId}::uuid
        ${page.purpose === undefined ? Prisma.empty : Prisma.sql`AND r.purpose = ${page.purpose}`}
        ${page.after === undefined ? Prisma.empty : Prisma.sql`AND r.id < ${page.after}::uuid`}
        ORDER BY r.id DESC LIMIT ${page.limit}`),
    async find(runId: string) {
      const [row] = await rows(Prisma.sql`r.id = ${runId}::uuid`)
      return row
    },
    async counts(runIds: readonly string[]) {
      const found = await wall.$queryRaw<unknown[]>`
        SELECT x."runId",
          count(*) FILTER (WHERE x.state = 'waiting')::int AS waiting,
          count(*) FILTER (WHERE x.state = 'running')::int AS running,
          count(*) FILTER (WHERE x.state = 'done')::int AS done,
          count(*) FILTER (WHERE x.state = 'failed')::int AS failed,
          count(*) FILTER (WHERE x.state = 'given_up')::int AS given_up,
          count(*) FILTER (WHERE x.state = 'cancelled')::int AS cancelled,
          count(*) FILTER (WHERE x."wasThere")::int AS "wasThere",
          count(*) FILTER (WHERE x.state = 'done' AND x."finishedAt" > w.since)::int AS "recentExams",
          extract(epoch FROM min(w.until) - min(w.since))::float8 AS "recentSeconds",
          min(w.started) AS "startedAt", max(x."finishedAt") AS "finishedAt"
        FROM "ModelRunExam" x JOIN (
          SELECT y."runId", min(y."startedAt") AS started,
            CASE WHEN bool_or(y.state IN ('waiting', 'running')) THEN now() ELSE max(y."finishedAt") END AS until,
            greatest(min(y."startedAt"), CASE WHEN bool_or(y.state IN ('waiting', 'running')) THEN now()
              ELSE max(y."finishedAt") END - make_interval(secs => ${RECENT_SECONDS})) AS since
          FROM "ModelRunExam" y WHERE y."runId" = ANY (${[...runIds]}::uuid[]) GROUP BY y."runId") w ON w."runId" = x."runId"
        GROUP BY x."runId"`
      return new Map(
        z
          .array(CountRow)
          .parse(found)
          .map(({ runId, recentExams, recentSeconds, ...counts }) => [
            runId,
            { ...counts, recent: recentSeconds === null ? null : { exams: recentExams, seconds: recentSeconds } },
          ]),
      )
    },
    async cancel(runId: string, cancelledBy: string) {
      const cancelled = await wall.$executeRaw`
        UPDATE "ModelRun" SET "cancelledBy" = ${cancelledBy}, "cancelledAt" = now()
        WHERE id = ${runId}::uuid AND "cancelledAt" IS NULL`
      if (cancelled === 0) return false
      await wall.$executeRaw`UPDATE "ModelRunExam" SET state = 'cancelled', "finishedAt" = now()
        WHERE "runId" = ${runId}::uuid AND state IN ('waiting', 'failed')`
      return true
    },
    async failed(runId: string, page: { after: string | undefined; limit: number }) {
      const found = await wall.$queryRaw<unknown[]>`
        SELECT x."examId", p."patientCode", x.modality, x."failureCode" AS failure, x.attempts, x."finishedAt"
        FROM "ModelRunExam" x JOIN "Patient" p ON p.id = x."patientId"
        WHERE x."runId" = ${runId}::uuid AND x.state = 'failed'
          ${page.after === undefined ? Prisma.empty : Prisma.sql`AND x."examId" > ${page.after}::uuid`}
        ORDER BY x."examId" LIMIT ${page.limit}`
      return z.array(FailedRow).parse(found)
    },
    async retry(runId: string, examId: string | undefined) {
      const found = await wall.$queryRaw<{ examId: string }[]>`
        UPDATE "ModelRunExam" x SET state = 'waiting', "finishedAt" = NULL, attempts = 0
        WHERE ${one(runId, examId)} AND x.state = 'failed'
          AND EXISTS (SELECT FROM "ModelRun" r WHERE r.id = x."runId" AND r."cancelledAt" IS NULL)
        RETURNING x."examId"`
      return found.map((row) => row.examId)
    },
    giveUp: (runId: string, examId: string | undefined) =>
      wall.$executeRaw`UPDATE "ModelRunExam" x SET state = 'given_up'
        WHERE ${one(runId, examId)} AND x.state = 'failed'`,
    async exam(runId: string, examId: string) {
      const [found] = await wall.$queryRaw<unknown[]>`
        SELECT x."runId", x."examId", x."patientId", x.modality, x.state, r."modelId", r.purpose,
          r."cancelledAt" IS NOT NULL AS "isCancelled"
        FROM "ModelRunExam" x JOIN "ModelRun" r ON r.id = x."runId" WHERE ${one(runId, examId)}`
      return found === undefined ? undefined : ExamRow.parse(found)
    },
    async begin(runId: string, examId: string) {
      await wall.$executeRaw`UPDATE "ModelRunExam" x SET state = 'running', attempts = attempts + 1,
        "startedAt" = coalesce("startedAt", now()) WHERE ${one(runId, examId)} AND x.state IN ('waiting', 'running')`
    },
    async noteFailure(runId: string, examId: string, failure: RunFailure) {
      await wall.$executeRaw`UPDATE "ModelRunExam" x SET state = 'waiting', "failureCode" = ${failure}
        WHERE ${one(runId, examId)} AND x.state IN ('waiting', 'running')`
    },
    async settle(runId: string, examId: string, { wasThere }: { wasThere: boolean }) {
      await wall.$executeRaw`UPDATE "ModelRunExam" x SET state = 'done', "failureCode" = NULL, "wasThere" = ${wasThere},
        "startedAt" = coalesce("startedAt", now()), "finishedAt" = now() WHERE ${one(runId, examId)} AND x.state <> 'done'`
    },
    async drop(runId: string, examId: string) {
      await wall.$executeRaw`UPDATE "ModelRunExam" x SET state = 'cancelled', "finishedAt" = now()
        WHERE ${one(runId, examId)} AND x.state IN ('waiting', 'running')`
    },
    async fail(runId: string, examId: string) {
      await wall.$executeRaw`UPDATE "ModelRunExam" x SET state = 'failed', "finishedAt" = now(),
        "failureCode" = CASE WHEN x.state = 'running' THEN 'WORKER_LOST' ELSE coalesce(x."failureCode", 'WORKER_LOST') END
        WHERE ${one(runId, examId)} AND x.state IN ('waiting', 'running')`
    },
  }
}
