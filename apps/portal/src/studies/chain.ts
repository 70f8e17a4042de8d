import type { StepState } from '@facetgrade/ui/stepper'
import type { Outputs } from '../shell/trpc.ts'

export const CHAIN = ['protocol', 'imports', 'screening', 'split', 'reading', 'evaluation'] as const
export type ChainStep = (typeof CHAIN)[number]

/** The counts of the flow diagram that a step's state rests on. */
export type ChainCounts = Pick<
  Outputs['screening']['flow'],
  'received' | 'waiting' | 'screened' | 'eligible' | 'withdrawn' | 'totals'
>

/**
 * Where a study stands on its chain, from the counts of its flow diagram alone. A step is under way once the step before
 * it has given it something to work on; importing and screening may go on while later steps run.
 */
export function chainStates(flow: ChainCounts): Record<ChainStep, StepState> {
  const { split: allocated, read, analysed } = flow.totals
  const toRead = allocated - flow.withdrawn
  const isScreened = flow.screened > 0 && flow.waiting === 0
  return {
    protocol: 'done',
    imports: flow.received === 0 ? 'current' : 'done',
    screening: flow.received === 0 ? 'blocked' : isScreened ? 'done' : 'current',
    split: allocated > 0 ? 'done' : isScreened && flow.eligible > 0 ? 'current' : 'blocked',
    reading: allocated === 0 ? 'blocked' : read >= toRead ? 'done' : 'current',
    evaluation: allocated === 0 || read === 0 ? 'blocked' : analysed >= toRead ? 'done' : 'current',
  }
}
