import { type StructuralComponents, structuralComponents } from '../roc/structural-components.ts'
import { defined } from './answers.ts'
import type { Json } from './json.ts'
import { completeRows, type EntryContext } from './vector-input.ts'

/** Components of a score; null when only one class occurs. */
export function parts(truth: readonly number[], scores: readonly number[]): StructuralComponents | null {
  return defined(structuralComponents(truth, scores))
}

/** Truth and one score, without the rows in which either is missing. */
export function single(
  input: EntryContext['input'],
  score = 'x',
): { truth: number[]; scores: number[]; parts: StructuralComponents | null } {
  const rows = completeRows(input, ['y', score])
  const [truth, scores] = [rows['y'] as number[], rows[score] as number[]]
  return { truth, scores, parts: parts(truth, scores) }
}

/** Replay of the AUC of one score. */
export const aucOf =
  (key: string) =>
  ({ input }: EntryContext): Json =>
    single(input, key).parts?.auc ?? null
