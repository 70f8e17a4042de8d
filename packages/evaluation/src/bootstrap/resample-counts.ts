import { clusterDraws } from './cluster-draws.ts'

/**
 * The resamples of an evaluation: per draw, how often each of its patients was drawn, in the order of
 * `document.bootstrap.patients`. Whoever ships them lets any other tool repeat every bootstrap interval digit by digit.
 *
 * @yields the same array each time: read it before the next draw
 * @throws {RangeError} as `clusterDraws`
 */
export function resampleCounts(of: {
  readonly seed: number
  readonly patients: number
  readonly replicates: number
}): Generator<Int32Array> {
  return clusterDraws(of.seed, of.patients, { from: 0, to: of.replicates })
}
