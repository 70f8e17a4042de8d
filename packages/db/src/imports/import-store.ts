import { z } from 'zod'
import type { Wall } from '../wall.ts'

const Source = z.enum(['browser', 'cli', 'gateway'])
const State = z.enum(['receiving', 'finishing', 'done', 'cancelled'])
const Outcome = z.enum(['accepted', 'duplicate', 'held', 'quarantined', 'rejected'])
type Line = {
  fileIndex: number
  outcome: z.infer<typeof Outcome>
  code: string
  instanceId: string | null
  blobHash: string | null
}

type Row = {
  id: string
  source: string
  keyFingerprint: string
  fileCount: number
  rosterMac: string | null
  state: string
  createdBy: string
  createdAt: Date
  finishedAt: Date | null
}

const fromRow = (row: Row, now: Date) => ({
  importId: row.id,
  source: Source.parse(row.source),
  keyFingerprint: row.keyFingerprint,
  fileCount: row.fileCount,
  rosterMac: row.rosterMac,
  state: State.parse(row.state),
  createdBy: row.createdBy,
  createdAt: row.createdAt.toISOString(),
  finishedAt: row.finishedAt?.toISOString() ?? null,
  elapsedMs: Math.max(0, (row.finishedAt ?? now).getTime() - row.createdAt.getTime()),
})

/** Imports, their packs and their ledgers. */
export function importStore(wall: Wall) {
  const databaseTime = async (): Promise<Date> => {
    const [row] = await wall.$queryRaw<{ now: Date }[]>`SELECT now() AS now`
    if (!row) throw new Error('the database gave no time')
    return row.now
  }
  return {
    async lockStudy(studyId: string) {
      await wall.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`import:${studyId}`}, 0))`
    },
    async fixKeyFingerprint(studyId: string, keyFingerprint: string) {
      await wall.study.updateMany({ where: { id: studyId, keyFingerprint: null }, data: { keyFingerprint } })
      const study = await wall.study.findUniqueOrThrow({ where: { id: studyId }, select: { keyFingerprint: true } })
      return study.keyFingerprint ?? ''
    },
    async create(row: {
      studyId: string
      createdBy: string
      source: string
      keyFingerprint: string
      fileCount: number
      rosterMac: string
    }) {
      return fromRow(await wall.import.create({ data: row }), await databaseTime())
    },
    async find(importId: string) {
      const row = await wall.import.findUnique({ where: { id: importId } })
      return row ? fromRow(row, await databaseTime()) : undefined
    },
    async findUnfinished(of: { studyId: string; createdBy: string; rosterMac: string }) {
      const row = await wall.import.findFirst({ where: { ...of, state: 'receiving' }, orderBy: { id: 'desc' } })
      return row ? fromRow(row, await databaseTime()) : undefined
    },
    async list(page: { studyId: string; after: string | undefined; limit: number }) {
      const rows = await wall.import.findMany({
        where: { studyId: page.studyId, ...(page.after === undefined ? {} : { id: { lt: page.after } }) },
        orderBy: { id: 'desc' },
        take: page.limit,
      })
      const now = await databaseTime()
      return rows.map((row) => fromRow(row, now))
    },
    async setState(importId: string, state: z.infer<typeof State>) {
      const isOver = state === 'done' || state === 'cancelled'
      await wall.$executeRaw`UPDATE "Import" SET state = ${state},
        "finishedAt" = CASE WHEN ${isOver} THEN now() ELSE "finishedAt" END WHERE id = ${importId}::uuid`
    },
    async packs(importId: string) {
      const rows = await wall.importPack.findMany({ where: { importId }, orderBy: { packIndex: 'asc' } })
      return rows.map((row) => ({ packIndex: row.packIndex, blobHash: row.blobHash, isDone: row.doneAt !== null }))
    },
    async addPack(pack: { studyId: string; importId: string; packIndex: number; blobHash: string; bytes: number }) {
      const { count } = await wall.importPack.createMany({ data: [pack], skipDuplicates: true })
      return count === 1
    },
    async finishPack(importId: string, packIndex: number) {
      await wall.$executeRaw`UPDATE "ImportPack" SET "doneAt" = now()
        WHERE "importId" = ${importId}::uuid AND "packIndex" = ${packIndex} AND "doneAt" IS NULL`
    },
    async addLines(of: { studyId: string; importId: string }, lines: readonly Line[]) {
      if (lines.length === 0) return 0
      const data = lines.map((line) => ({ ...of, ...line }))
      const { count } = await wall.importFile.createMany({ data, skipDuplicates: true })
      return count
    },
    async lineIndexes(importId: string) {
      const rows = await wall.importFile.findMany({ where: { importId }, select: { fileIndex: true } })
      return new Set(rows.map((row) => row.fileIndex))
    },
    async ledger(page: {
      importId: string
      outcome: string | undefined
      code: string | undefined
      after: number | undefined
      limit: number
    }) {
      const rows = await wall.importFile.findMany({
        where: {
          importId: page.importId,
          ...(page.outcome === undefined ? {} : { outcome: page.outcome }),
          ...(page.code === undefined ? {} : { code: page.code }),
          ...(page.after === undefined ? {} : { fileIndex: { gt: page.after } }),
        },
        orderBy: { fileIndex: 'asc' },
        take: page.limit,
      })
      return rows.map((row) => ({
        fileIndex: row.fileIndex,
        outcome: Outcome.parse(row.outcome),
        code: row.code,
        instanceId: row.instanceId,
        blobHash: row.blobHash,
      }))
    },
    async counts(importIds: readonly string[]) {
      const rows = await wall.importFile.groupBy({
        by: ['importId', 'outcome', 'code'],
        where: { importId: { in: [...importIds] } },
        _count: { _all: true },
        orderBy: [{ outcome: 'asc' }, { code: 'asc' }],
      })
      const counts = new Map<string, { outcome: z.infer<typeof Outcome>; code: string; files: number }[]>()
      for (const row of rows) {
        const line = { outcome: Outcome.parse(row.outcome), code: row.code, files: row._count._all }
        counts.set(row.importId, [...(counts.get(row.importId) ?? []), line])
      }
      return counts
    },
  }
}
