import { durkalskiMcNemar, obuchowskiMcNemar } from '../../paired/clustered-mcnemar.ts'
import { type McNemar, mcnemar, mcnemarExact, mcnemarMidP, type PairedTable } from '../../paired/mcnemar.ts'
import { exactDiscordantOdds, tangoInterval, waldPairedDifference } from '../../paired/paired-difference.ts'
import { limits } from '../answers.ts'
import type { Json } from '../json.ts'
import { type EntryContext, matrixOf, numbersOf, type Topic } from '../vector-input.ts'

type Input = EntryContext['input']

function table(input: Input): PairedTable {
  const [[both = 0, first = 0] = [], [second = 0, neither = 0] = []] = matrixOf(input, 'm')
  return { both, first, second, neither }
}

const chi = (test: McNemar | null): Json => test && { chi2: test.statistic, p: test.p }

export const mcnemarTopic: Topic = {
  asymptotic_chi2: ({ input }) => chi(mcnemar(table(input), false)),
  asymptotic_cc: ({ input }) => chi(mcnemar(table(input), true)),
  exact_two_sided_p: ({ input }) => mcnemarExact(table(input)),
  mid_p: ({ input }) => mcnemarMidP(table(input)),
  diff: ({ input }) => waldPairedDifference(table(input), { level: 0.95, adjusted: false }).difference,
  diff_wald_ci: ({ input }) => limits(waldPairedDifference(table(input), { level: 0.95, adjusted: false }).ci),
  diff_wald_agresti_min_adj_ci: ({ input }) =>
    limits(waldPairedDifference(table(input), { level: 0.95, adjusted: true }).ci),
  diff_tango_score_ci: ({ input }) => limits(tangoInterval(table(input), 0.95)),
  odds_ratio_exact_ci: ({ input }) => {
    const odds = exactDiscordantOdds(table(input), 0.95)
    return odds && [odds.lower, odds.upper]
  },
}

function patients(input: Input): PairedTable[] {
  const [both, first, second, neither] = ['ak', 'bk', 'ck', 'dk'].map((key) => numbersOf(input, key)) as [
    number[],
    number[],
    number[],
    number[],
  ]
  return both.map((one, k) => ({
    both: one,
    first: first[k] as number,
    second: second[k] as number,
    neither: neither[k] as number,
  }))
}

export const clusteredMcNemarTopic: Topic = {
  obuchowski: ({ input }) => chi(obuchowskiMcNemar(patients(input))),
  durkalski: ({ input }) => chi(durkalskiMcNemar(patients(input))),
}

/** The tool's tables: rows test 2 (+, -, total), columns test 1 (+, -, total). Test 1 is our first. */
function transposed(input: Input, key: string): PairedTable {
  const [[both = 0, second = 0] = [], [first = 0, neither = 0] = []] = matrixOf(input, key)
  return { both, first, second, neither }
}

function rates({ both, first, second, neither }: PairedTable): [number, number] {
  const n = both + first + second + neither
  return [(both + first) / n, (both + second) / n]
}

/** Specificity counts negatives: the pairs of the table with its signs turned. */
const turned = ({ both, first, second, neither }: PairedTable): PairedTable => ({
  both: neither,
  first: second,
  second: first,
  neither: both,
})

export const pairedAccuracyTopic: Topic = {
  se_sp_mcnemar: ({ input }) => {
    const [diseased, healthy] = [transposed(input, 'diseased_table'), turned(transposed(input, 'nondiseased_table'))]
    const [se, sp] = [mcnemar(diseased, false), mcnemar(healthy, false)]
    const [[se1, se2], [sp1, sp2]] = [rates(diseased), rates(healthy)]
    return {
      se1,
      se2,
      se_stat: se?.statistic ?? null,
      se_p: se?.p ?? null,
      sp1,
      sp2,
      sp_stat: sp?.statistic ?? null,
      sp_p: sp?.p ?? null,
    }
  },
  se_sp_exact: ({ input }) => ({
    se_p: mcnemarExact(transposed(input, 'diseased_table')),
    sp_p: mcnemarExact(transposed(input, 'nondiseased_table')),
  }),
  // The tool's difference is test 2 less test 1.
  diff_ci_wald: ({ input }) => {
    const [se, sp] = (['diseased_table', 'nondiseased_table'] as const).map((key) => {
      const { both, first, second, neither } = transposed(input, key)
      const swapped = { both, first: second, second: first, neither }
      return waldPairedDifference(key === 'diseased_table' ? swapped : turned(swapped), {
        level: 0.95,
        adjusted: false,
      })
    })
    if (se === undefined || sp === undefined) return null
    return {
      se_diff: se.difference,
      se_se: se.se,
      se_l: se.ci.lower,
      se_u: se.ci.upper,
      sp_diff: sp.difference,
      sp_se: sp.se,
      sp_l: sp.ci.lower,
      sp_u: sp.ci.upper,
    }
  },
}
