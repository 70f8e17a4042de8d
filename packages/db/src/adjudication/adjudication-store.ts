import { CellAnswer, CellKey } from '@facetgrade/grading/cell'
import type { ConsensusCell } from '@facetgrade/grading/consensus-cell'
import { Modality } from '@facetgrade/grading/modality'
import { z } from 'zod'
import { complete } from '../consensus/consensus-store.ts'
import type { AdjudicationDecision, AdjudicationItem } from '../generated/client.ts'
import { Prisma } from '../generated/client.ts'
import type { Wall } from '../wall.ts'

const RoomRow = z.strictObject({
  roomId: z.uuid(),
  consensusId: z.uuid(),
  memberIds: z.array(z.uuid()),
  modality: Modality,
  state: z.enum(['open', 'confirmed', 'voided']),
  assignmentId: z.uuid(),
  position: z.int(),
})
const SummaryRow = RoomRow.omit({ consensusId: true, memberIds: true }).extend({
  round: z.string(),
  items: z.int(),
  decided: z.int(),
})

/** Closed and confirmed by all over the same decisions, or closed by an unlock. */
const STATE = Prisma.sql`CASE WHEN r."closedAt" IS NULL THEN 'open'
  WHEN EXISTS (SELECT FROM "AdjudicationConfirmation" c WHERE c."roomId" = r.id
    GROUP BY c."decisionsHash" HAVING count(DISTINCT c."memberId") = cardinality(r."memberIds")) THEN 'confirmed'
  ELSE 'voided' END`
const OWN_CASE = Prisma.sql`"AdjudicationRoom" r JOIN "Assignment" a ON a."patientId" = r."patientId"
  AND a.modality = r.modality AND a.round = r.round`

export function adjudicationStore(wall: Wall) {
  const find = async (roomId: string, memberId: string) => {
    const rows = await wall.$queryRaw`
      SELECT r.id AS "roomId", r."consensusId", r."memberIds", r.modality, ${STATE} AS state,
        a.id AS "assignmentId", a.position
      FROM ${OWN_CASE} WHERE r.id = ${roomId}::uuid AND a."memberId" = ${memberId}::uuid
        AND a."memberId" = ANY (r."memberIds")`
    return z.array(RoomRow).parse(rows)[0]
  }
  return {
    find,
    async rooms({ memberId, after, take }: { memberId: string; after: string | undefined; take: number }) {
      const beyond = after
        ? Prisma.sql`AND (a.round, a.position) > (SELECT a.round, a.position FROM ${OWN_CASE}
            WHERE r.id = ${after}::uuid AND a."memberId" = ${memberId}::uuid)`
        : Prisma.empty
      const rows = await wall.$queryRaw`
        SELECT r.id AS "roomId", a.round, r.modality, ${STATE} AS state, a.id AS "assignmentId", a.position,
          (SELECT count(*)::int FROM "AdjudicationItem" i WHERE i."roomId" = r.id) AS items,
          (SELECT count(DISTINCT d."itemId")::int FROM "AdjudicationDecision" d
            JOIN "AdjudicationItem" i ON i.id = d."itemId" WHERE i."roomId" = r.id) AS decided
        FROM ${OWN_CASE}
        WHERE a."memberId" = ${memberId}::uuid AND a."memberId" = ANY (r."memberIds") ${beyond}
        ORDER BY a.round, a.position, r."createdAt" LIMIT ${take}`
      return z.array(SummaryRow).parse(rows)
    },
    async roomIdOf(itemId: string) {
      return (await wall.adjudicationItem.findUnique({ where: { id: itemId }, select: { roomId: true } }))?.roomId
    },
    async lock(roomId: string, memberId: string) {
      await wall.$queryRaw`SELECT id FROM "AdjudicationRoom" WHERE id = ${roomId}::uuid FOR UPDATE`
      return find(roomId, memberId)
    },
    async noteOpened(roomId: string) {
      const stamped = await wall.$executeRaw`UPDATE "AdjudicationRoom" SET "openedAt" = now()
        WHERE id = ${roomId}::uuid AND "openedAt" IS NULL`
      return stamped === 1
    },
    async items(roomId: string) {
      const items = await wall.adjudicationItem.findMany({ where: { roomId } })
      const decisions = await wall.$queryRaw<AdjudicationDecision[]>`
        SELECT DISTINCT ON (d."itemId") d.* FROM "AdjudicationDecision" d
        JOIN "AdjudicationItem" i ON i.id = d."itemId" WHERE i."roomId" = ${roomId}::uuid
        ORDER BY d."itemId", d.sequence DESC`
      const latest = new Map(decisions.map((row) => [row.itemId, decisionOf(row)]))
      return items.map((item) => itemOf(item, latest.get(item.id) ?? null)).toSorted(byCell)
    },
    async confirmations(roomId: string) {
      const rows = await wall.adjudicationConfirmation.findMany({ where: { roomId }, orderBy: { confirmedAt: 'asc' } })
      return rows.map(({ memberId, decisionsHash, confirmedAt }) => ({
        memberId,
        decisionsHash,
        confirmedAt: confirmedAt.toISOString(),
      }))
    },
    async decisions(decisionIds: readonly string[]) {
      const rows = await wall.adjudicationDecision.findMany({ where: { id: { in: [...decisionIds] } } })
      return rows.map(decisionOf)
    },
    async decide(
      { studyId, decidedBy }: { studyId: string; decidedBy: string },
      decisions: readonly { decisionId: string; itemId: string; value: CellAnswer; note: string | null }[],
    ) {
      return wall.$executeRaw`
        INSERT INTO "AdjudicationDecision" (id, "itemId", "studyId", sequence, value, note, "decidedBy", "decidedAt")
        SELECT d."decisionId", d."itemId", ${studyId}::uuid,
          (SELECT coalesce(max(e.sequence), 0) + 1 FROM "AdjudicationDecision" e WHERE e."itemId" = d."itemId"),
          d.value, d.note, ${decidedBy}::uuid, now()
        FROM jsonb_to_recordset(${JSON.stringify(decisions)}::jsonb)
          AS d("decisionId" uuid, "itemId" uuid, value jsonb, note text)
        ON CONFLICT (id) DO NOTHING`
    },
    async confirm(next: { studyId: string; roomId: string; memberId: string; decisionsHash: string; method: string }) {
      await wall.$executeRaw`
        INSERT INTO "AdjudicationConfirmation" (id, "roomId", "studyId", "memberId", "decisionsHash", method, "confirmedAt")
        VALUES (${crypto.randomUUID()}::uuid, ${next.roomId}::uuid, ${next.studyId}::uuid, ${next.memberId}::uuid,
          ${next.decisionsHash}, ${next.method}, now())
        ON CONFLICT DO NOTHING`
    },
    async protocolVersionOf(roomId: string) {
      const { consensusId } = await wall.adjudicationRoom.findUniqueOrThrow({ where: { id: roomId } })
      return (await wall.consensus.findUniqueOrThrow({ where: { id: consensusId } })).protocolVersion
    },
    async complete(room: { roomId: string; consensusId: string }, cells: readonly ConsensusCell[]) {
      const { studyId, patientId } = await wall.consensus.findUniqueOrThrow({ where: { id: room.consensusId } })
      await wall.consensusCell.createMany({
        data: cells.map(({ cell, value, source }) => ({
          ...cell,
          consensusId: room.consensusId,
          studyId,
          patientId,
          origin: source,
          value,
        })),
      })
      await complete(wall, room.consensusId)
      await wall.$executeRaw`UPDATE "AdjudicationRoom" SET "closedAt" = now() WHERE id = ${room.roomId}::uuid`
    },
  }
}

type StoredItem = ReturnType<typeof itemOf>

function decisionOf(row: AdjudicationDecision) {
  return {
    decisionId: row.id,
    itemId: row.itemId,
    sequence: row.sequence,
    value: CellAnswer.parse(row.value),
    note: row.note,
    decidedBy: row.decidedBy,
    decidedAt: row.decidedAt.toISOString(),
  }
}

function itemOf(row: AdjudicationItem, decision: ReturnType<typeof decisionOf> | null) {
  const { level, side, feature } = row
  return {
    itemId: row.id,
    cell: CellKey.parse({ level, side, feature }),
    values: z.array(CellAnswer).parse(row.values),
    decision,
  }
}

/** From the head down, right before left, features of one joint together: never the order of insertion. */
function byCell(a: StoredItem, b: StoredItem): number {
  const text = ({ cell }: StoredItem) => `${cell.level}/${cell.side === 'right' ? 0 : 1}/${cell.feature}`
  return text(a) < text(b) ? -1 : 1
}
