import { agrestiCoull } from '../../proportion/agresti-coull.ts'
import { clopperPearson } from '../../proportion/clopper-pearson.ts'
import { type Alternative, exactBinomialTest } from '../../proportion/exact-binomial-test.ts'
import { jeffreys } from '../../proportion/jeffreys.ts'
import { waldProportion } from '../../proportion/wald-proportion.ts'
import { wilson, wilsonCorrected } from '../../proportion/wilson.ts'
import type { Interval } from '../../result.ts'
import { clipped, limits } from '../answers.ts'
import type { Json } from '../json.ts'
import { type EntryContext, numberOf, type Topic } from '../vector-input.ts'

type Limits = (successes: number, trials: number, level: number) => Interval

/** `clopper_pearson_90` asks for 90 %; without a number it is 95 %. */
const at =
  (interval: Limits) =>
  ({ input, named }: EntryContext): Json => {
    const percent = named.at(-1)
    return limits(interval(numberOf(input, 'x'), numberOf(input, 'n'), percent === undefined ? 0.95 : percent / 100))
  }

const exact =
  (alternative: Alternative) =>
  ({ input, named }: EntryContext): Json =>
    exactBinomialTest(numberOf(input, 'x'), numberOf(input, 'n'), { probability: named[0] ?? 0.5, alternative })

export const proportionTopic: Topic = {
  estimate: ({ input }) => numberOf(input, 'x') / numberOf(input, 'n'),
  wilson_prop_test_no_cc: at(wilson),
  wilson_cc_prop_test: at(wilsonCorrected),
  'exact_test_vs_*_two_sided_p': exact('two-sided'),
  'exact_test_vs_*_greater_p': exact('greater'),
  'exact_test_vs_*_less_p': exact('less'),
  'wald*': at(waldProportion),
  'wilson*': at(wilson),
  'clopper_pearson*': at(clopperPearson),
  'agresti_coull*': at(agrestiCoull),
  'jeffreys_equal_tailed*': at((x, n, level) => jeffreys(x, n, { level, modified: false })),
}

export const statsmodelsProportionTopic: Topic = {
  wilson: at(wilson),
  clopper_pearson: at(clopperPearson),
  jeffreys: at((x, n, level) => jeffreys(x, n, { level, modified: false })),
  agresti_coull_clipped: at((x, n, level) => {
    const { lower, upper } = agrestiCoull(x, n, level)
    return { lower: clipped(lower) as number, upper: clipped(upper) as number }
  }),
}
