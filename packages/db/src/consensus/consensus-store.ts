import { CellAnswer, CellKey, CellValue } from '@facetgrade/grading/cell'
import type { ConsensusCell } from '@facetgrade/grading/consensus-cell'
import { LevelNumbering } from '@facetgrade/grading/level-numbering'
import { Modality } from '@facetgrade/grading/modality'
import { z } from 'zod'
import type { Wall } from '../wall.ts'

type GroupCase = {
  readonly studyId: string
  readonly readerGroup: string
  readonly patientId: string
  readonly modality: Modality
  readonly round: string
  readonly examId: string
}
type NewConsensus = {
  readonly groupCase: GroupCase
  readonly version: number
  readonly protocolVersion: number
  readonly memberIds: readonly string[]
  readonly signatureIds: readonly string[]
  readonly agreed: readonly ConsensusCell[]
  readonly discordant: readonly { readonly cell: CellKey; readonly values: readonly CellAnswer[] }[]
}

const CaseRow = z.strictObject({
  studyId: z.uuid(),
  readerGroup: z.string(),
  patientId: z.uuid(),
  modality: Modality,
  round: z.string(),
  examId: z.uuid(),
  memberId: z.uuid(),
})
const SignedRow = z.strictObject({
  readingId: z.uuid(),
  memberId: z.uuid(),
  signatureId: z.uuid(),
  protocolVersion: z.int(),
  document: LevelNumbering,
})
/** An event as events of a consensus need it; an undone answer is stored as not graded. */
const EventValue = CellValue.refine((value) => value.kind !== 'not_applicable').transform((value) =>
  value.kind === 'graded' || value.kind === 'not_assessable' ? value : ({ kind: 'not_graded' } as const),
)

export function consensusStore(wall: Wall) {
  return {
    async caseOf(readingId: string) {
      const rows = await wall.$queryRaw`
        SELECT a."studyId", m."readerGroup", a."patientId", a.modality, a.round, a."examId", r."memberId"
        FROM "Reading" r JOIN "Assignment" a ON a.id = r."assignmentId" JOIN "Member" m ON m.id = r."memberId"
        WHERE r.id = ${readingId}::uuid`
      const [row] = z.array(CaseRow).parse(rows)
      if (!row) return undefined
      const { memberId, ...groupCase } = row
      return { groupCase, memberId }
    },
    async lock({ readerGroup, patientId, modality, round }: GroupCase) {
      const key = `consensus/${readerGroup}/${patientId}/${modality}/${round}`
      await wall.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${key}, 0))`
    },
    async signedReadings({ studyId, readerGroup, patientId, modality, round }: GroupCase) {
      const rows = await wall.$queryRaw`
        SELECT r.id AS "readingId", r."memberId", s.id AS "signatureId", r."protocolVersion", n.document
        FROM "Reading" r
        JOIN "Assignment" a ON a.id = r."assignmentId"
        JOIN "Member" m ON m.id = r."memberId"
        JOIN "LevelNumbering" n ON n."patientId" = r."patientId" AND n.version = r."numberingVersion"
        JOIN "Signature" s ON s."readingId" = r.id AND NOT EXISTS (SELECT FROM "Unlock" u WHERE u."signatureId" = s.id)
        WHERE a."studyId" = ${studyId}::uuid AND a."patientId" = ${patientId}::uuid AND a.modality = ${modality}
          AND a.round = ${round} AND m."readerGroup" = ${readerGroup}
        ORDER BY s."signedAt", r.id`
      const signed = z.array(SignedRow).parse(rows)
      const events = await wall.gradeEvent.findMany({
        where: { readingId: { in: signed.map((row) => row.readingId) } },
        orderBy: [{ readingId: 'asc' }, { sequence: 'asc' }],
      })
      return signed.map(({ document, ...row }) => ({
        ...row,
        lumbarVertebrae: document.lumbarVertebrae,
        events: events
          .filter((event) => event.readingId === row.readingId)
          .map(({ sequence, level, side, feature, value }) => ({
            sequence,
            cell: CellKey.parse({ level, side, feature }),
            value: EventValue.parse(value),
          })),
      }))
    },
    async current(groupCase: GroupCase) {
      const found = await wall.consensus.findFirst({ where: { ...keyOf(groupCase), supersededAt: null } })
      if (!found) return undefined
      const room = await wall.adjudicationRoom.findUnique({ where: { consensusId: found.id } })
      return {
        id: found.id,
        version: found.version,
        memberIds: found.memberIds,
        adjudicationOpenedAt: room?.openedAt?.toISOString() ?? null,
      }
    },
    async lastVersion(groupCase: GroupCase) {
      const last = await wall.consensus.findFirst({
        where: keyOf(groupCase),
        orderBy: { version: 'desc' },
        select: { version: true },
      })
      return last?.version ?? 0
    },
    async create({ groupCase, agreed, discordant, ...row }: NewConsensus) {
      const { studyId, readerGroup, patientId, modality, examId, round } = groupCase
      const { id: consensusId } = await wall.consensus.create({
        data: {
          ...keyOf(groupCase),
          version: row.version,
          protocolVersion: row.protocolVersion,
          memberIds: [...row.memberIds],
          signatureIds: [...row.signatureIds],
        },
      })
      await wall.consensusCell.createMany({
        data: agreed.map(({ cell, value, source }) => ({
          ...cell,
          consensusId,
          studyId,
          patientId,
          origin: source,
          value,
        })),
      })
      if (discordant.length === 0) {
        await complete(wall, consensusId)
        return { consensusId, roomId: null }
      }
      const { id: roomId } = await wall.adjudicationRoom.create({
        data: { consensusId, studyId, readerGroup, memberIds: [...row.memberIds], patientId, modality, round, examId },
      })
      await wall.adjudicationItem.createMany({
        data: discordant.map(({ cell, values }) => ({ ...cell, roomId, studyId, values: [...values] })),
      })
      return { consensusId, roomId }
    },
    async supersede(consensusId: string) {
      await wall.$executeRaw`UPDATE "Consensus" SET "supersededAt" = now() WHERE id = ${consensusId}::uuid`
      await wall.$executeRaw`UPDATE "AdjudicationRoom" SET "closedAt" = now()
        WHERE "consensusId" = ${consensusId}::uuid AND "closedAt" IS NULL`
    },
  }
}

const keyOf = ({ studyId, readerGroup, patientId, modality, round }: GroupCase) => ({
  studyId,
  readerGroup,
  patientId,
  modality,
  round,
})

/** Stamped by the database clock. */
export async function complete(wall: Wall, consensusId: string): Promise<void> {
  await wall.$executeRaw`UPDATE "Consensus" SET "completedAt" = now() WHERE id = ${consensusId}::uuid`
}
