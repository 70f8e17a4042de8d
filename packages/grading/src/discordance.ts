import type { CellAnswer } from './cell.ts'

export type Discordance =
  | { readonly kind: 'agree' }
  /** `spread` in grades; null when one could assess the cell and the other could not. */
  | { readonly kind: 'discordant'; readonly spread: number | null }

/**
 * Two blinded answers to one cell. Grades are discordant from `steps` apart (protocol: discordance.steps); not assessable
 * against a grade always is; both not assessable agree, whatever their reasons. Symmetric.
 */
export function discordance(first: CellAnswer, second: CellAnswer, steps: number): Discordance {
  if (first.kind === 'not_assessable' && second.kind === 'not_assessable') return { kind: 'agree' }
  if (first.kind === 'not_assessable' || second.kind === 'not_assessable') return { kind: 'discordant', spread: null }
  const spread = Math.abs(first.grade - second.grade)
  return spread >= steps ? { kind: 'discordant', spread } : { kind: 'agree' }
}
