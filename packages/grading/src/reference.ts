import { z } from 'zod'
import type { CellKey } from './cell.ts'
import type { GroupConsensus } from './consensus.ts'
import { ConsensusCell } from './consensus-cell.ts'

/** Version of the rule by which a reference is derived; stored with every reference. */
export const REFERENCE_ALGORITHM = 'facetgrade-reference/1'

/** A cell of the reference standard: the reference group's consensus, as agreed or as adjudicated. */
export const ReferenceCell = ConsensusCell
export type ReferenceCell = z.infer<typeof ReferenceCell>

/** The derivation for one case, as stored: a new one is a new version, nothing is ever overwritten. */
export const DerivedReference = z.strictObject({
  algorithm: z.literal(REFERENCE_ALGORITHM),
  consensusVersion: z.int().positive(),
  protocolVersion: z.int().positive(),
  cells: z.array(ReferenceCell),
})
export type DerivedReference = z.infer<typeof DerivedReference>

export type ReferenceResult =
  | { readonly kind: 'derived'; readonly reference: DerivedReference }
  | {
      readonly kind: 'incomplete'
      readonly reason: 'not_read' | 'adjudication_open'
      readonly cells: readonly CellKey[]
    }

/**
 * Reference standard of one case from the reference group's consensus. There is none, with the reason and the cells in
 * the way, until every required cell is agreed or adjudicated: a partial reference would be biased towards easy cells.
 */
export function deriveReference(
  consensus: GroupConsensus,
  versions: Pick<DerivedReference, 'consensusVersion' | 'protocolVersion'>,
): ReferenceResult {
  switch (consensus.kind) {
    case 'unread':
      return { kind: 'incomplete', reason: 'not_read', cells: consensus.cells }
    case 'open':
      return { kind: 'incomplete', reason: 'adjudication_open', cells: consensus.discordant.map(({ cell }) => cell) }
    case 'settled':
      return {
        kind: 'derived',
        reference: { algorithm: REFERENCE_ALGORITHM, ...versions, cells: [...consensus.cells] },
      }
  }
}
