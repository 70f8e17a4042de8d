import { clustersOf } from '../../cluster/clusters.ts'
import { rowsOf } from '../../matrix.ts'
import { type Components, components } from '../../mrmc/components.ts'
import { randomReaders } from '../../mrmc/random-readers.ts'
import { clusteredStudy } from '../crossed-study.ts'
import type { Json } from '../json.ts'
import { labelsOf, matrixOf, numbersOf, type Topic } from '../vector-input.ts'

/** Variance components as the tool defines them: without truncation, and per test MS(R) - Var + Cov2. */
function fdaComponents(parts: Components): Json {
  const { msReader, msTestReader, variance, cov1, cov2, cov3, tests } = parts
  if (msReader === null || msTestReader === null) return null
  const perTest = parts.perTest.flatMap((one, i) => [
    [`varR.${i + 1}`, (one.msReader ?? 0) - one.variance + one.cov2],
    [`cov2.${i + 1}`, one.cov2],
    [`varE.${i + 1}`, one.variance],
  ])
  const varTR = msTestReader - variance + cov1 + cov2 - cov3
  return {
    varR: (msReader - msTestReader) / tests - cov1 + cov3,
    varTR,
    cov1,
    cov2,
    cov3,
    varE: variance,
    ...Object.fromEntries(perTest),
  }
}

export const clusteredMrmcTopic: Topic = {
  or_clustered: ({ input }) => {
    const tests = Object.keys(input)
      .filter((key) => /^R\d+$/.test(key))
      .sort()
    const study = clusteredStudy(
      { truth: numbersOf(input, 'truth'), ratings: tests.map((key) => matrixOf(input, key)) },
      clustersOf(labelsOf(input, 'cluster')),
    )
    const parts = study && components(study)
    const random = parts && randomReaders(parts, 0.95)
    if (study === null || parts === null || random === null || typeof random === 'string') return null
    return {
      F: random.f,
      df: random.df2,
      p: random.p,
      auc_by_treatment_reader: study.theta,
      mean_auc: parts.perTest.map((one) => one.mean),
      se_diff: random.differences[0]?.se ?? null,
      df_single: random.means.map((one) => one.df),
      se_single: random.means.map((one) => one.se),
      components: fdaComponents(parts),
      cov: rowsOf(study.covariance),
    }
  },
}
