import { rowsOf } from '../../matrix.ts'
import { type Components, components } from '../../mrmc/components.ts'
import type { Contrast } from '../../mrmc/contrast.ts'
import { fixedCases } from '../../mrmc/fixed-cases.ts'
import { fixedReaders } from '../../mrmc/fixed-readers.ts'
import { randomReaders, varianceComponents } from '../../mrmc/random-readers.ts'
import { clipped } from '../answers.ts'
import { type CovarianceMethod, crossedStudy, type Metric } from '../crossed-study.ts'
import { isRecord, type Json } from '../json.ts'
import { readings } from '../readings.ts'
import type { EntryContext, Topic } from '../vector-input.ts'

/** The case names its metric in the entry that lists the readers' values. */
function metricOf({ all }: EntryContext): Metric {
  const listed = all['metric_by_treatment_reader']
  const names = isRecord(listed) ? Object.keys(listed) : []
  return names.includes('binary_sens') ? 'binary_sens' : names.includes('binary_spec') ? 'binary_spec' : 'empirical_auc'
}

/** A column of contrasts as the tool's frames print them, intervals cut to [0, 1] for means. */
function frame(contrasts: readonly Contrast[], of: { statistic: 't' | 'z'; cut: boolean }): Record<string, Json> {
  const limit = (one: Contrast, side: 'lower' | 'upper'): number | null => {
    const value = one.ci?.[side] ?? null
    return of.cut ? clipped(value) : value
  }
  return {
    Estimate: contrasts.map((one) => one.estimate),
    StdErr: contrasts.map((one) => one.se),
    df: contrasts.map((one) => one.df),
    [of.statistic]: contrasts.map((one) => one.statistic),
    'p-value': contrasts.map((one) => one.p),
    'CI.Lower': contrasts.map((one) => limit(one, 'lower')),
    'CI.Upper': contrasts.map((one) => limit(one, 'upper')),
  }
}

const names = (pairs: readonly { first: number; second: number }[]): string[] =>
  pairs.map((one) => `${one.first + 1} - ${one.second + 1}`)

function componentFrame(parts: Components): Json {
  const of = varianceComponents(parts)
  if (typeof of === 'string') return null
  const { variance, cov1, cov2, cov3 } = parts
  return {
    Estimate: [of.reader, of.testReader, variance, cov1, cov2, cov3],
    Correlation: [null, null, null, cov1 / variance, cov2 / variance, cov3 / variance],
    component: ['reader', 'treatment:reader', 'Error', 'Cov1', 'Cov2', 'Cov3'],
  }
}

const randomEntry =
  (method: CovarianceMethod) =>
  (context: EntryContext): Json => {
    const study = crossedStudy(readings(context.input), metricOf(context), method)
    const parts = study && components(study)
    const random = parts && randomReaders(parts, 0.95)
    if (parts === null || random === null || typeof random === 'string') return null
    return {
      test_equality: {
        'MS(T)': parts.msTest,
        'MS(T:R)': parts.msTestReader,
        Cov2: parts.cov2,
        Cov3: parts.cov3,
        Denominator: random.denominator,
        F: random.f,
        df1: random.df1,
        df2: random.df2,
        'p-value': random.p,
      },
      test_diffs: {
        Comparison: names(random.differences),
        ...frame(random.differences, { statistic: 't', cut: false }),
      },
      test_means: {
        ...frame(random.means, { statistic: 't', cut: true }),
        'MS(R)': parts.perTest.map((one) => one.msReader),
        Cov2: parts.perTest.map((one) => one.cov2),
      },
      vcov_comps: componentFrame(parts),
      reader_test_diffs: null,
    }
  }

const fixedEntry =
  (method: CovarianceMethod) =>
  (context: EntryContext): Json => {
    const study = crossedStudy(readings(context.input), metricOf(context), method)
    const parts = study && components(study)
    const fixed = study && fixedReaders(study, 0.95)
    if (parts === null || fixed === null || typeof fixed === 'string') return null
    return {
      test_equality: {
        'MS(T)': parts.msTest,
        Cov1: parts.cov1,
        Cov2: parts.cov2,
        Cov3: parts.cov3,
        Denominator: fixed.denominator,
        X2: fixed.chiSquared,
        df: fixed.df,
        'p-value': fixed.p,
      },
      test_diffs: { Comparison: names(fixed.differences), ...frame(fixed.differences, { statistic: 'z', cut: false }) },
      test_means: {
        ...frame(fixed.means, { statistic: 'z', cut: true }),
        'Var(Error)': parts.perTest.map((one) => one.variance),
        Cov2: parts.perTest.map((one) => one.cov2),
      },
      vcov_comps: componentFrame(parts),
      reader_test_diffs: {
        Reader: fixed.byReader.map((one) => String(one.reader + 1)),
        Comparison: names(fixed.byReader),
        ...frame(fixed.byReader, { statistic: 'z', cut: false }),
      },
    }
  }

const covarianceEntry =
  (method: CovarianceMethod) =>
  (context: EntryContext): Json => {
    const study = crossedStudy(readings(context.input), metricOf(context), method)
    return study && rowsOf(study.covariance)
  }

export const mrmcTopic: Topic = {
  metric_by_treatment_reader: (context) => {
    const metric = metricOf(context)
    const study = crossedStudy(readings(context.input), metric, 'jackknife')
    if (study === null) return null
    const cells = study.theta.flatMap((row, i) =>
      row.map((value, j) => ({ value, treatment: String(i + 1), reader: String(j + 1) })),
    )
    return {
      [metric]: cells.map((one) => one.value),
      treatment: cells.map((one) => one.treatment),
      reader: cells.map((one) => one.reader),
    }
  },
  rrrc_jackknife: randomEntry('jackknife'),
  rrrc_DeLong: randomEntry('DeLong'),
  rrrc_unbiased: randomEntry('unbiased'),
  frrc_jackknife: fixedEntry('jackknife'),
  frrc_DeLong: fixedEntry('DeLong'),
  frrc_unbiased: fixedEntry('unbiased'),
  cov_matrix_jackknife: covarianceEntry('jackknife'),
  cov_matrix_DeLong: covarianceEntry('DeLong'),
  cov_matrix_unbiased: covarianceEntry('unbiased'),
  rrfc: (context) => {
    const study = crossedStudy(readings(context.input), metricOf(context), 'jackknife')
    const parts = study && components(study)
    const fixed = parts && fixedCases(parts, 0.95)
    if (parts === null || fixed === null || typeof fixed === 'string') return null
    return {
      test_equality: {
        'MS(T)': parts.msTest,
        'MS(T:R)': parts.msTestReader,
        F: fixed.f,
        df1: fixed.df1,
        df2: fixed.df2,
        'p-value': fixed.p,
      },
      test_diffs: { Comparison: names(fixed.differences), ...frame(fixed.differences, { statistic: 't', cut: false }) },
      test_means: {
        ...frame(fixed.means, { statistic: 't', cut: true }),
        'MS(R)': parts.perTest.map((one) => one.msReader),
      },
      vcov_comps: null,
      reader_test_diffs: null,
    }
  },
}
