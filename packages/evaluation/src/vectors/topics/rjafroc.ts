import { components } from '../../mrmc/components.ts'
import type { Contrast } from '../../mrmc/contrast.ts'
import { fixedCases } from '../../mrmc/fixed-cases.ts'
import { fixedReaders } from '../../mrmc/fixed-readers.ts'
import { randomReaders } from '../../mrmc/random-readers.ts'
import { crossedStudy } from '../crossed-study.ts'
import type { Json } from '../json.ts'
import { readings } from '../readings.ts'
import type { Topic } from '../vector-input.ts'

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
