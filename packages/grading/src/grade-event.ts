import { z } from 'zod'
import { CellAnswer, CellKey, CellValue } from './cell.ts'
import { Hash } from './hash.ts'
import { ReaderCode } from './role.ts'

/** What the reading page sends: the client makes the id, which is the idempotency key. */
export const GradeEntry = z.strictObject({
  id: z.uuid(),
  cell: CellKey,
  /** `not_graded` empties the cell again, as the undo of a first answer does. */
  value: z.discriminatedUnion('kind', [...CellAnswer.options, z.strictObject({ kind: z.literal('not_graded') })]),
  /** `copied`: taken over from the opposite joint by the copy key; `undone`: an undo, which is a new event. */
  how: z.enum(['entered', 'copied', 'undone']),
  /** Milliseconds on the client's monotonic clock since the case was opened. Intervals come from it, order never. */
  clientOffsetMs: z.number().nonnegative(),
})
export type GradeEntry = z.infer<typeof GradeEntry>

/** One appended event of a Reading. `sequence` counts 1, 2, 3 … within the Reading. */
export const GradeEvent = z.strictObject({
  ...GradeEntry.shape,
  readingId: z.uuid(),
  sequence: z.int().positive(),
  reader: ReaderCode,
  protocolVersion: z.int().positive(),
  /** The database's clock, in milliseconds, as `2026-01-31T12:00:00.000Z`. */
  receivedAt: z.iso.datetime({ precision: 3 }),
})
export type GradeEvent = z.infer<typeof GradeEvent>

/** An event with its place in the Reading's hash chain. */
export const ChainedGradeEvent = z.strictObject({ ...GradeEvent.shape, previousHash: Hash, hash: Hash })
export type ChainedGradeEvent = z.infer<typeof ChainedGradeEvent>

/** A cell with what stands in it. */
export const CellRow = z.strictObject({ cell: CellKey, value: CellValue })
export type CellRow = z.infer<typeof CellRow>
