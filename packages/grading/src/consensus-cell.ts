import { z } from 'zod'
import { CellAnswer, CellKey } from './cell.ts'

/** A cell on which a group has settled: its readers agreed, or they decided it together. */
export const ConsensusCell = z.strictObject({
  cell: CellKey,
  value: CellAnswer,
  source: z.enum(['agreed', 'adjudicated']),
})
export type ConsensusCell = z.infer<typeof ConsensusCell>

/** A cell that the group still has to decide. `spread` in grades; null when one of them could not assess it. */
export const DiscordantCell = z.strictObject({ cell: CellKey, spread: z.int().positive().nullable() })
export type DiscordantCell = z.infer<typeof DiscordantCell>

/** A group's decision on one discordant cell, confirmed by all of its readers. */
export const AdjudicatedCell = z.strictObject({ cell: CellKey, value: CellAnswer })
export type AdjudicatedCell = z.infer<typeof AdjudicatedCell>
