import { fUpper } from '../distribution/f-ratio.ts'
import { normalTwoSided } from '../distribution/normal.ts'
import { entryOf, type SquareMatrix } from '../matrix.ts'
import { mean } from '../sample-moments.ts'
import { type Contrast, contrast } from './contrast.ts'

export type NestedGroups = {
  readonly groupMeans: readonly number[]
  readonly msGroup: number
  readonly msReaderInGroup: number
  readonly cov2: number
  readonly cov3: number
  readonly f: number
  readonly df1: number
  readonly df2: number
  readonly p: number
  /** Lowest group less the other, readers like these; null with more than two groups. */
  readonly difference: Contrast | null
  /** The same difference for these readers. Null when its variance is not above 0. */
  readonly fixedReaders: { readonly se: number; readonly p: number } | null
}

export type NestedReason = 'too_few_readers' | 'incomplete_crossing' | 'zero_variance'

/**
 * Juniors against seniors: J readers nested in each of I groups. F = MS(T) / (MS[R(T)] + J max(Cov2 - Cov3, 0)),
 * df2 = den^2 / (MS[R(T)]^2 / (I (J-1))). With two readers a group the fixed-reader line is primary.
 *
 * @param group  group of each reader, integers from 0
 * @returns `too_few_readers` with one group or one reader a group, `incomplete_crossing` when group sizes differ
 * @throws {RangeError} lengths differ
 * @see methods 2.6 (MRMCaov 0.3.0 has a wrong denominator here). Oracle: plain R from Obuchowski covariances
 */
export function nestedGroups(
  theta: readonly number[],
  group: readonly number[],
  of: { readonly covariance: SquareMatrix; readonly level: number },
): NestedGroups | NestedReason {
  if (theta.length !== group.length || of.covariance.size !== theta.length)
    throw new RangeError('nestedGroups: lengths differ')
  const groups = [...new Set(group)].sort((a, b) => a - b)
  const members = groups.map((one) => theta.filter((_, j) => group[j] === one))
  const size = members[0]?.length ?? 0
  if (groups.length < 2 || size < 2) return 'too_few_readers'
  if (members.some((one) => one.length !== size)) return 'incomplete_crossing'
  const groupMeans = members.map((one) => mean(one))
  const grand = mean(groupMeans)
  const msGroup = (size * sumSquares(groupMeans, () => grand)) / (groups.length - 1)
  const within = sumSquares(theta, (j) => groupMeans[groups.indexOf(group[j] as number)] as number)
  const dfReader = groups.length * (size - 1)
  const msReaderInGroup = within / dfReader
  const { variance, cov2, cov3 } = averages(of.covariance, group)
  const denominator = msReaderInGroup + size * Math.max(cov2 - cov3, 0)
  if (!(denominator > 1e-18)) return 'zero_variance'
  const f = msGroup / denominator
  const df1 = groups.length - 1
  const df2 = denominator ** 2 / (msReaderInGroup ** 2 / dfReader)
  const gap = (groupMeans[0] as number) - (groupMeans[1] as number)
  const fixed = (2 / size) * (variance - cov2 + size * (cov2 - cov3))
  const two = groups.length === 2
  return {
    groupMeans,
    msGroup,
    msReaderInGroup,
    cov2,
    cov3,
    f,
    df1,
    df2,
    p: fUpper(f, df1, df2),
    difference: two ? contrast(gap, Math.sqrt((2 / size) * denominator), { df: df2, level: of.level }) : null,
    fixedReaders: two && fixed > 0 ? { se: Math.sqrt(fixed), p: normalTwoSided(gap / Math.sqrt(fixed)) } : null,
  }
}

function sumSquares(values: readonly number[], centre: (index: number) => number): number {
  let total = 0
  for (let i = 0; i < values.length; i++) total += ((values[i] as number) - centre(i)) ** 2
  return total
}

function averages(
  covariance: SquareMatrix,
  group: readonly number[],
): { variance: number; cov2: number; cov3: number } {
  const sums = { variance: 0, cov2: 0, cov3: 0 }
  const counts = { variance: 0, cov2: 0, cov3: 0 }
  for (let a = 0; a < group.length; a++) {
    for (let b = 0; b < group.length; b++) {
      const kind = a === b ? 'variance' : group[a] === group[b] ? 'cov2' : 'cov3'
      sums[kind] += entryOf(covariance, a, b)
      counts[kind]++
    }
  }
  return { variance: sums.variance / counts.variance, cov2: sums.cov2 / counts.cov2, cov3: sums.cov3 / counts.cov3 }
}
