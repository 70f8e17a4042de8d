import { z } from 'zod'
import type { Json } from '../audit.ts'
import { Prisma } from '../generated/client.ts'
import type { Wall } from '../wall.ts'

const instant = z.date().transform((at) => at.toISOString())
const RunRow = z.strictObject({
  runId: z.uuid(),
  kind: z.enum(['evaluation', 'dry_run']),
  planId: z.uuid(),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
  progress: z.number(),
  failure: z.string().nullable(),
  evaluationId: z.uuid().nullable(),
  dryRunId: z.uuid().nullable(),
  requestedBy: z.string(),
  requestedAt: instant,
  finishedAt: instant.nullable(),
})
const DryRunRow = z.strictObject({
  dryRunId: z.uuid(),
  planVersion: z.int(),
  resultHash: z.string(),
  createdBy: z.string(),
  createdAt: instant,
})
const PointRow = z.strictObject({ modelHash: z.string(), document: z.unknown() })

type Outcome = { state: 'done' | 'failed'; evaluationId?: string; dryRunId?: string; failure?: string }

export function evaluationRunStore(wall: Wall) {
  /** The row decides between a worker and the person who cancels. */
  const change = async (runId: string, from: readonly string[], set: Prisma.Sql) => {
    const changed = await wall.$executeRaw`
      UPDATE "EvaluationRun" SET ${set} WHERE id = ${runId}::uuid AND state = ANY (${from})`
    return changed === 1
  }
  const dryRuns = async (where: Prisma.Sql) =>
    z.array(DryRunRow).parse(
      await wall.$queryRaw`
        SELECT d.id AS "dryRunId", p.version AS "planVersion", d."resultHash", d."createdBy", d."createdAt"
        FROM "DryRun" d JOIN "AnalysisPlan" p ON p.id = d."planId" WHERE ${where} ORDER BY d.id DESC LIMIT 200`,
    )
  return {
    async create(run: { studyId: string; kind: 'evaluation' | 'dry_run'; planId: string; requestedBy: string }) {
      const { id } = await wall.evaluationRun.create({ data: run, select: { id: true } })
      return id
    },
    async find(runId: string) {
      const [row] = await wall.$queryRaw<unknown[]>`
        SELECT id AS "runId", kind, "planId", state, progress, "failureCode" AS failure, "evaluationId", "dryRunId",
          "requestedBy", "requestedAt", "finishedAt"
        FROM "EvaluationRun" WHERE id = ${runId}::uuid`
      return row === undefined ? undefined : RunRow.parse(row)
    },
    /** Also when an earlier worker died in it: the job comes again. */
    begin: (runId: string) =>
      change(runId, ['waiting', 'running'], Prisma.sql`state = 'running', "startedAt" = now(), progress = 0`),
    note: (runId: string, progress: number) => change(runId, ['running'], Prisma.sql`progress = ${progress}`),
    finish: (runId: string, { state, evaluationId, dryRunId, failure }: Outcome) =>
      change(
        runId,
        ['waiting', 'running'],
        Prisma.sql`state = ${state}, "finishedAt" = now(), "failureCode" = ${failure ?? null},
          "evaluationId" = ${evaluationId ?? null}::uuid, "dryRunId" = ${dryRunId ?? null}::uuid,
          progress = CASE WHEN ${state} = 'done' THEN 1 ELSE progress END`,
      ),
    cancel: (runId: string) =>
      change(runId, ['waiting', 'running'], Prisma.sql`state = 'cancelled', "finishedAt" = now()`),
    async addDryRun(run: { studyId: string; planId: string; results: Json; resultHash: string; createdBy: string }) {
      const dryRunId = crypto.randomUUID()
      await wall.$executeRaw`
        INSERT INTO "DryRun" (id, "studyId", "planId", results, "resultHash", "createdBy")
        VALUES (${dryRunId}::uuid, ${run.studyId}::uuid, ${run.planId}::uuid, ${JSON.stringify(run.results)}::jsonb,
          ${run.resultHash}, ${run.createdBy})`
      return dryRunId
    },
    dryRuns: (studyId: string) => dryRuns(Prisma.sql`d."studyId" = ${studyId}::uuid`),
    async dryRun(dryRunId: string) {
      const [summary] = await dryRuns(Prisma.sql`d.id = ${dryRunId}::uuid`)
      if (!summary) return undefined
      const { results } = await wall.dryRun.findUniqueOrThrow({ where: { id: dryRunId } })
      return { ...summary, results: results as unknown }
    },
    async points(planId: string) {
      const rows = await wall.$queryRaw`
        SELECT "modelHash", document FROM "OperatingPoint" WHERE "planId" = ${planId}::uuid
        ORDER BY "modelHash", modality COLLATE "C", feature COLLATE "C"`
      return z.array(PointRow).parse(rows)
    },
    async addPoints(
      of: { studyId: string; planId: string; modelHash: string; referenceId: string },
      points: readonly { modality: string; feature: string; document: Json }[],
    ) {
      await wall.operatingPoint.createMany({
        data: points.map(({ document, ...one }) => ({ ...of, ...one, document: document as Prisma.InputJsonValue })),
        skipDuplicates: true,
      })
    },
  }
}
