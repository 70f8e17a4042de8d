import { clustersOf } from '../../cluster/clusters.ts'
import { normalQuantile } from '../../distribution/normal.ts'
import { entryOf, rowsOf } from '../../matrix.ts'
import { type Components, components } from '../../mrmc/components.ts'
import type { Contrast } from '../../mrmc/contrast.ts'
import { fixedCases } from '../../mrmc/fixed-cases.ts'
import { fixedReaders } from '../../mrmc/fixed-readers.ts'
import { randomReaders, varianceComponents } from '../../mrmc/random-readers.ts'
import { partialAuc, rocValueAt } from '../../roc/partial-auc.ts'
import { rocCurve } from '../../roc/roc-curve.ts'
import { clipped } from '../answers.ts'
import {
  aucCovariance,
  type CovarianceMethod,
  clusteredStudy,
  componentsOf,
  crossedStudy,
  type Metric,
  type Readings,
} from '../crossed-study.ts'
import { isRecord, type Json } from '../json.ts'
import { type EntryContext, labelsOf, matrixOf, numbersOf, type Topic } from '../vector-input.ts'

type Input = EntryContext['input']

function readings(input: Input): Readings {
  const tests = input['ratings_by_treatment_reader']
  if (!Array.isArray(tests)) throw new RangeError('input ratings_by_treatment_reader is no list')
  return { truth: numbersOf(input, 'truth'), ratings: tests.map((test: Json) => matrixOf({ test }, 'test')) }
}

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

function rjafrocDifferences(differences: readonly Contrast[], normal: boolean): Json {
  const p = differences.map((one) => one.p)
  const statistic = differences.map((one) => one.statistic)
  return {
    Estimate: differences.map((one) => one.estimate),
    StdErr: differences.map((one) => one.se),
    DF: differences.map((one) => one.df),
    ...(normal ? { z: statistic, PrGTz: p } : { t: statistic, PrGTt: p }),
    CILower: differences.map((one) => one.ci?.lower ?? null),
    CIUpper: differences.map((one) => one.ci?.upper ?? null),
  }
}

export const rjafrocTopic: Topic = {
  or_anova_varcomp: (context) => {
    const study = crossedStudy(readings(context.input), 'empirical_auc', 'jackknife')
    const parts = study && components(study)
    if (study === null || parts === null) return null
    const [random, fixed, cases] = [randomReaders(parts, 0.95), fixedReaders(study, 0.95), fixedCases(parts, 0.95)]
    const squares = [parts.msTest, parts.msReader, parts.msTestReader]
    const df = [parts.tests - 1, parts.readers - 1, (parts.tests - 1) * (parts.readers - 1)]
    return {
      TRanova: { SS: squares.map((one, i) => (one === null ? null : one * (df[i] as number))), DF: df, MS: squares },
      rrrc_F:
        typeof random === 'string'
          ? null
          : {
              DF: [random.df1, random.df2],
              MS: [parts.msTest, random.denominator],
              FStat: [random.f, null],
              p: [random.p, null],
            },
      rrrc_diff: typeof random === 'string' ? null : rjafrocDifferences(random.differences, false),
      rrrc_trt:
        typeof random === 'string'
          ? null
          : {
              Estimate: random.means.map((one) => one.estimate),
              StdErr: random.means.map((one) => one.se),
              DF: random.means.map((one) => one.df),
              CILower: random.means.map((one) => one.ci?.lower ?? null),
              CIUpper: random.means.map((one) => one.ci?.upper ?? null),
              Cov2: parts.perTest.map((one) => one.cov2),
            },
      frrc_F:
        typeof fixed === 'string'
          ? null
          : {
              MS: [parts.msTest, fixed.denominator],
              Chisq: [fixed.chiSquared, null],
              DF: [fixed.df, null],
              p: [fixed.p, null],
            },
      frrc_diff: typeof fixed === 'string' ? null : rjafrocDifferences(fixed.differences, true),
      rrfc_F:
        typeof cases === 'string'
          ? null
          : {
              DF: [cases.df1, cases.df2],
              MS: [parts.msTest, parts.msTestReader],
              F: [cases.f, null],
              p: [cases.p, null],
            },
      rrfc_diff: typeof cases === 'string' ? null : rjafrocDifferences(cases.differences, false),
    }
  },
}

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

const single =
  (method: CovarianceMethod) =>
  ({ input }: EntryContext): Json => {
    const scores = [numbersOf(input, 'rating')]
    const parts = componentsOf(numbersOf(input, 'truth'), scores)
    const covariance = parts && aucCovariance(parts, scores, method)
    const auc = parts?.[0]?.auc
    if (auc === undefined) return null
    const se = covariance === null ? null : Math.sqrt(entryOf(covariance, 0, 0))
    const half = se === null ? null : normalQuantile(0.975) * se
    return {
      empirical_auc: auc,
      StdErr: se,
      'CI.Lower': half === null ? null : clipped(auc - half),
      'CI.Upper': half === null ? null : clipped(auc + half),
    }
  }

function onCurve(
  { input, named }: EntryContext,
  pick: (curve: Exclude<ReturnType<typeof rocCurve>, string>, value: number) => number,
): Json {
  const curve = rocCurve(numbersOf(input, 'truth'), numbersOf(input, 'rating'))
  const value = named[0]
  return typeof curve === 'string' || value === undefined ? null : pick(curve, value)
}

export const singleTestTopic: Topic = {
  stmc_jackknife: single('jackknife'),
  stmc_DeLong: single('DeLong'),
  stmc_unbiased: single('unbiased'),
  'sens_at_spec_*_interpolated': (of) => onCurve(of, (curve, value) => rocValueAt(curve, 'specificity', value)),
  'spec_at_sens_*_interpolated': (of) => onCurve(of, (curve, value) => rocValueAt(curve, 'sensitivity', value)),
  'partial_auc_spec_*': (of) => onCurve(of, (curve, value) => partialAuc(curve, 'specificity', value).area),
  'partial_auc_sens_*': (of) => onCurve(of, (curve, value) => partialAuc(curve, 'sensitivity', value).area),
}
