import type { AnalysisPlan } from '../analysis-plan.ts'
import { type BootstrapInference, bootstrapInference } from '../bootstrap/bootstrap-inference.ts'
import { type BootstrapJob, metricCount, type StatisticSpec, statisticOf } from '../bootstrap/bootstrap-job.ts'
import type { EvaluationRow } from '../evaluation-row.ts'

/** A statistic whose interval waits for the resamples, and the row that each of its metrics will be. */
export type Pending = {
  readonly spec: StatisticSpec & { readonly of: Int32Array }
  /** Joints and patients that count, in the row. */
  readonly n: number
  readonly clusters: number
  readonly rows: readonly ((inference: BootstrapInference) => EvaluationRow)[]
}

/** Draws every statistic's replicates; in worker threads on a server, in this one where there are none. */
export type Resampler = (
  job: BootstrapJob,
  of: { readonly seed: number; readonly replicates: number },
) => Promise<(number | null)[][]>

export function jobOf(pending: readonly Pending[], patients: number): BootstrapJob {
  return { patients, statistics: pending.map(({ spec }) => spec) }
}

/** @throws {RangeError} replicates of another job */
export function finishRows(
  pending: readonly Pending[],
  replicates: readonly (readonly (number | null)[])[],
  of: { readonly patients: number; readonly plan: AnalysisPlan },
): EvaluationRow[] {
  const { level, bootstrap } = of.plan.interval
  let first = 0
  return pending.flatMap(({ spec, n, clusters, rows }) => {
    const start = first
    first += metricCount(spec)
    const statistic = statisticOf(spec, { of: spec.of, count: of.patients })
    return rows.map((finish, metric) => {
      const own = replicates[start + metric]
      if (own === undefined) throw new RangeError('finishRows: replicates of another job')
      const asked = { metric, n, clusters: of.patients, level, plan: bootstrap }
      const inference = bootstrapInference(statistic, own, asked)
      return finish({ ...inference, clusters, flags: flagsOf(inference, clusters) })
    })
  })
}

/** Patients without a unit do not make an interval trustworthy. */
function flagsOf(inference: BootstrapInference, clusters: number): BootstrapInference['flags'] {
  const others = inference.flags.filter((flag) => flag !== 'few_clusters')
  return clusters < 20 ? ['few_clusters', ...others] : others
}
