import { CellAnswer, CellKey } from '@facetgrade/grading/cell'
import type { ConsensusCell } from '@facetgrade/grading/consensus-cell'
import { Modality } from '@facetgrade/grading/modality'
import { z } from 'zod'
import { Prisma } from '../generated/client.ts'
import type { Wall } from '../wall.ts'

const CaseRow = z.strictObject({
  patientCode: z.string(),
  modality: Modality,
  id: z.uuid().nullable(),
  version: z.int().nullable(),
  protocolVersion: z.int().nullable(),
  isComplete: z.boolean(),
})
const VersionRow = z.strictObject({
  referenceId: z.uuid(),
  version: z.int(),
  rule: z.string(),
  inputHash: z.string(),
  hash: z.string(),
  cases: z.int(),
  cells: z.int(),
  derivedBy: z.string(),
  derivedAt: z.date().transform((at) => at.toISOString()),
  isStale: z.boolean(),
})

export function referenceStore(wall: Wall) {
  const versions = async (studyId: string, limit: Prisma.Sql = Prisma.empty) => {
    const rows = await wall.$queryRaw`
      SELECT r.id AS "referenceId", r.version, r.rule, r."inputHash", r.hash, cardinality(r."consensusIds") AS cases,
        r."cellCount" AS cells, r."derivedBy", r."derivedAt",
        EXISTS (SELECT FROM "Consensus" c WHERE c.id = ANY (r."consensusIds") AND c."supersededAt" IS NOT NULL) AS "isStale"
      FROM "ReferenceVersion" r WHERE r."studyId" = ${studyId}::uuid ORDER BY r.version DESC ${limit}`
    return z.array(VersionRow).parse(rows)
  }
  const latest = async (studyId: string) => (await versions(studyId, Prisma.sql`LIMIT 1`))[0]
  return {
    latest,
    versions: (studyId: string) => versions(studyId),
    async lock(studyId: string) {
      await wall.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`reference/${studyId}`}, 0))`
    },
    async cases({ studyId, readerGroup, round }: { studyId: string; readerGroup: string; round: string }) {
      const rows = await wall.$queryRaw`
        SELECT p."patientCode", given.modality, c.id, c.version, c."protocolVersion", c."completedAt" IS NOT NULL AS "isComplete"
        FROM (SELECT DISTINCT a."patientId", a.modality FROM "Assignment" a JOIN "Member" m ON m.id = a."memberId"
          WHERE a."studyId" = ${studyId}::uuid AND a.round = ${round} AND m."readerGroup" = ${readerGroup}) given
        JOIN "Patient" p ON p.id = given."patientId" AND p."withdrawnAt" IS NULL
        LEFT JOIN "Consensus" c ON c."studyId" = ${studyId}::uuid AND c."readerGroup" = ${readerGroup}
          AND c.round = ${round} AND c."patientId" = given."patientId" AND c.modality = given.modality
          AND c."supersededAt" IS NULL
        ORDER BY p."patientCode" COLLATE "C", given.modality COLLATE "C"`
      return z.array(CaseRow).parse(rows).map(caseOf)
    },
    async cellsOf(consensusIds: readonly string[]) {
      const rows = await wall.consensusCell.findMany({
        where: { consensusId: { in: [...consensusIds] } },
        select: { consensusId: true, level: true, side: true, feature: true, value: true, origin: true },
      })
      const cells = new Map<string, ConsensusCell[]>(consensusIds.map((id) => [id, []]))
      for (const { consensusId, level, side, feature, value, origin } of rows) {
        cells.get(consensusId)?.push({
          cell: CellKey.parse({ level, side, feature }),
          value: CellAnswer.parse(value),
          source: z.enum(['agreed', 'adjudicated']).parse(origin),
        })
      }
      return cells
    },
    async create(next: {
      studyId: string
      version: number
      rule: string
      inputHash: string
      hash: string
      consensusIds: readonly string[]
      derivedBy: string
    }) {
      const referenceId = crypto.randomUUID()
      const { studyId, version, rule, inputHash, hash, derivedBy } = next
      const consensusIds = [...next.consensusIds]
      await wall.$executeRaw`
        INSERT INTO "ReferenceVersion" (id, "studyId", version, rule, "inputHash", hash, "consensusIds", "cellCount", "derivedBy", "derivedAt")
        SELECT ${referenceId}::uuid, ${studyId}::uuid, ${version}, ${rule}, ${inputHash}, ${hash}, ${consensusIds}::uuid[],
          (SELECT count(*) FROM "ConsensusCell" WHERE "consensusId" = ANY (${consensusIds}::uuid[])), ${derivedBy}, now()`
      await wall.$executeRaw`
        INSERT INTO "ReferenceCell" ("referenceId", "patientId", modality, level, side, feature, "studyId", value)
        SELECT ${referenceId}::uuid, cell."patientId", c.modality, cell.level, cell.side, cell.feature, cell."studyId", cell.value
        FROM "ConsensusCell" cell JOIN "Consensus" c ON c.id = cell."consensusId"
        WHERE c.id = ANY (${consensusIds}::uuid[])`
      const created = await latest(studyId)
      if (created?.referenceId !== referenceId) throw new Error('reference version was not written')
      return created
    },
  }
}

function caseOf({ patientCode, modality, id, version, protocolVersion, isComplete }: z.infer<typeof CaseRow>) {
  if (id === null || version === null || protocolVersion === null) {
    return { patientCode, modality, consensus: null, state: 'not_read' as const }
  }
  const state = isComplete ? ('complete' as const) : ('adjudication_open' as const)
  return { patientCode, modality, consensus: { id, version, protocolVersion }, state }
}
