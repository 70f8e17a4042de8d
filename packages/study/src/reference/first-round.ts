import type { Protocol } from '@facetgrade/grading/protocol'

/** Reference and first evaluation come from the first reading of each case; repeats and aided reads are analyses of their own. */
export function firstRound({ rounds }: Pick<Protocol, 'rounds'>): string {
  const first = rounds.find(({ kind }) => kind === 'first')
  if (!first) throw new RangeError('firstRound: the protocol has no first round')
  return first.name
}
