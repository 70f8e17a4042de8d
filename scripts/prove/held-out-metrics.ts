import { percentileInterval, summariseReplicates } from '../../packages/evaluation/src/bootstrap/bootstrap-interval.ts'
import { clusterBootstrap } from '../../packages/evaluation/src/bootstrap/cluster-bootstrap.ts'
import {
  aucStatistic,
  type ClusterStatistic,
  gradeStatistic,
} from '../../packages/evaluation/src/bootstrap/cluster-statistic.ts'
import { calibrationError, quantileBins } from '../../packages/evaluation/src/calibration/reliability-bins.ts'
import { clustersOf } from '../../packages/evaluation/src/cluster/clusters.ts'
import type { CellRow } from './held-out-rows.ts'

const REPLICATES = 1000
const LEVELS_OF_SCALE = 4
const CUTS = [1, 2, 3] as const

/** An estimate with its 95 % percentile interval over resampled patients; null where it is not defined. */
export type Estimate = { estimate: number; lower: number; upper: number } | null

export type CellMetrics = {
  n: number
  patients: number
  /** Cells of each true grade. */
  counts: number[]
  qwk: Estimate
  auc: Estimate[]
  recall: (number | null)[]
  /** Expected calibration error of P(grade ≥ k), ten bins of equal counts. */
  calibration: (number | null)[]
  /** Quadratic weighted kappa of grades told from level, age and sex alone. */
  baseline: Estimate
}

/** All numbers of one feature in one modality. Patients are what is resampled. */
export function cellMetrics(rows: readonly CellRow[], baselineOf: (row: CellRow) => number): CellMetrics {
  const clusters = clustersOf(rows.map(({ patient }) => patient))
  const truth = rows.map((row) => row.truth)
  const estimate = (statistic: ClusterStatistic): Estimate => {
    const once = statistic(new Int32Array(clusters.count).fill(1))[0]
    const [replicates = []] = clusterBootstrap([statistic], {
      seed: 20_261_124,
      clusters: clusters.count,
      from: 0,
      to: REPLICATES,
    })
    const summary = summariseReplicates(replicates, 0.2)
    if (once === null || once === undefined || typeof summary === 'string') return null
    return { estimate: once, ...percentileInterval(summary, 0.95) }
  }
  const kappa = (rated: readonly number[]): Estimate =>
    estimate(
      gradeStatistic({ truth, rated, size: LEVELS_OF_SCALE }, [{ kind: 'kappa', scheme: 'quadratic' }], clusters),
    )
  const scored = rows.every(({ atLeast }) => atLeast !== null)
  const score = (cut: number) => rows.map(({ atLeast }) => atLeast?.[cut - 1] ?? 0)
  const reaches = (cut: number) => truth.map((grade) => (grade >= cut ? 1 : 0))
  const grades = Array.from({ length: LEVELS_OF_SCALE }, (_, grade) => grade)
  return {
    n: rows.length,
    patients: clusters.count,
    counts: grades.map((grade) => truth.filter((one) => one === grade).length),
    qwk: kappa(rows.map(({ grade }) => grade)),
    auc: scored
      ? CUTS.map((cut) => (isMixed(reaches(cut)) ? estimate(aucStatistic(reaches(cut), score(cut), clusters)) : null))
      : [],
    recall: grades.map((grade) => {
      const own = rows.filter((row) => row.truth === grade)
      return own.length === 0 ? null : own.filter((row) => row.grade === grade).length / own.length
    }),
    calibration: scored ? CUTS.map((cut) => calibrationError(quantileBins(reaches(cut), score(cut), 10)).expected) : [],
    baseline: kappa(rows.map(baselineOf)),
  }
}

const isMixed = (values: readonly number[]): boolean => values.includes(0) && values.includes(1)
