import { Protocol } from '@facetgrade/grading/protocol'
import type { ProtocolVersion as Row } from '../generated/client.ts'
import type { Wall } from '../wall.ts'

/** A document that does not parse is corruption: throw, never repair. */
const fromRow = (row: Row) => ({
  version: row.version,
  protocol: Protocol.parse(row.document),
  hash: row.hash,
  reason: row.reason,
  createdBy: row.createdBy,
  createdAt: row.createdAt.toISOString(),
})

export function protocolStore(wall: Wall) {
  return {
    async latest(studyId: string) {
      return fromRow(await wall.protocolVersion.findFirstOrThrow({ where: { studyId }, orderBy: { version: 'desc' } }))
    },
    async find(studyId: string, version: number) {
      const row = await wall.protocolVersion.findUnique({ where: { studyId_version: { studyId, version } } })
      return row ? fromRow(row) : undefined
    },
    async versions(studyId: string) {
      const rows = await wall.protocolVersion.findMany({
        where: { studyId },
        orderBy: { version: 'desc' },
        select: { version: true, hash: true, reason: true, createdBy: true, createdAt: true },
      })
      return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }))
    },
    /** The unique (study, version) decides a race: undefined when another amendment came first. */
    async append(
      studyId: string,
      next: { version: number; protocol: Protocol; hash: string; reason: string; createdBy: string },
    ) {
      const { protocol, ...row } = next
      const { count } = await wall.protocolVersion.createMany({
        data: [{ studyId, ...row, document: protocol }],
        skipDuplicates: true,
      })
      return count === 1 ? this.find(studyId, next.version) : undefined
    },
  }
}
