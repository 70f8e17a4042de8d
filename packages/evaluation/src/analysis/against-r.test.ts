import { expect, test } from 'vitest'
import { cells, evaluated, rowOf } from '../../test/small-evaluation.ts'
import { readingTimeRows } from './reading-time.ts'
import { tableOne } from './table-one.ts'

// Constants printed by R 4.2.2 with twelve digits; the expression stands beside each.

test('standardised differences: of numbers by Austin, of categories by Yang and Dalton', () => {
  const of = (part: 'train' | 'test', name: string) => (value: number | string | null) => ({
    part,
    values: { [name]: value },
  })
  const ages = [...[50, 60, 70, 55, 61].map(of('train', 'age')), ...[65, 75, 45, 80, null].map(of('test', 'age'))]
  const [age] = tableOne([{ variable: 'age', kind: 'number', unit: 'years' }], ages)
  // (mean(a) - mean(b)) / sqrt((var(a) + var(b)) / 2)
  expect(age?.smd.trainTest).toBeCloseTo(-0.580209248874, 11)
  expect(age?.smd.trainValidation).toBeNull()
  expect(age).toMatchObject({
    kind: 'number',
    parts: [{ part: 'train', n: 5, median: 60, lowerQuartile: 55 }, { n: 0 }, { n: 4, missing: 1 }],
  })
  const codes = [...[...'AAAAABBBCC'].map(of('train', 'kind')), ...[...'AAAABBBBCC'].map(of('test', 'kind'))]
  const [kind] = tableOne([{ variable: 'kind', kind: 'category', unit: null }], codes)
  // S <- ((diag(t) - t %o% t) + (diag(c) - c %o% c)) / 2; sqrt(t(t - c) %*% solve(S) %*% (t - c)), t and c without the first
  expect(kind?.smd.trainTest).toBeCloseTo(0.226819190849, 11)
  expect(kind).toMatchObject({
    values: ['A', 'B', 'C'],
    parts: [{ counts: [5, 3, 2] }, { n: 0 }, { counts: [4, 4, 2] }],
  })
})

test('reading times: quartiles of type 7, ranks of the binomial, ratio per 100 cases of a regression on the logarithm', () => {
  const seconds = [240, 180, 200, 150, 170, 160, 140, 155, 120, 130, 125, 118]
  const cases = seconds.map((one, i) => ({ position: i + 1, seconds: one }))
  const rows = readingTimeRows({ reader: 'J1', group: 'junior', round: 'first', modality: 'ct', cases }, 0.95)
  const of = (metric: (typeof rows)[number]['metric']) => rowOf(rows, { metric }).result
  // quantile(s, c(.25, .5, .75)); the median lies between the order statistics qbinom(.025, 12, .5) and qbinom(.975, 12, .5) + 1
  expect(of('seconds_lower_quartile')).toMatchObject({ estimate: 128.75, ci: null, reason: 'too_few_patients' })
  expect(of('seconds_median')).toMatchObject({ estimate: 152.5, ci: { lower: 125, upper: 180 } })
  expect(of('seconds_upper_quartile').estimate).toBe(172.5)
  // m <- lm(log(s) ~ I(p/100)); exp(coef(m)[2]); exp(confint(m)[2, ]); summary(m)$coefficients[2, 4]
  const trend = of('seconds_trend')
  expect(trend.estimate).toBeCloseTo(0.00422755672072, 11)
  expect(trend.ci?.lower).toBeCloseTo(0.000731496100155, 11)
  expect(trend.ci?.upper).toBeCloseTo(0.024432441708331, 11)
  expect(trend.p).toBeCloseTo(3.98277365589e-5, 12)
  expect(trend).toMatchObject({ unit: 'reading', n: 12, df: 10 })
})

test('patients with one joint each: the AUC of the worst joint is that of pROC, its interval on the logit scale', async () => {
  const truth = [2, 2, 2, 0, 0, 2, 0, 0, 2, 0]
  const grade = [3, 2, 1, 1, 0, 2, 2, 0, 3, 1]
  const { rows } = await evaluated(cells(truth.map((one, i) => [[one, grade[i] ?? 0]])))
  const { result } = rowOf(rows, { analysis: 'patient_level', metric: 'auc' })
  // r <- roc(y, x, direction = "<"); auc(r); sqrt(var(r)); plogis(qlogis(A) + c(-1, 1) * qt(.975, 9) * se / (A * (1 - A)))
  expect(result.estimate).toBeCloseTo(0.88, 11)
  expect(result.se).toBeCloseTo(0.103923048454, 11)
  expect(result.ci?.lower).toBeCloseTo(0.441813956393, 10)
  expect(result.ci?.upper).toBeCloseTo(0.985495187714, 10)
})
