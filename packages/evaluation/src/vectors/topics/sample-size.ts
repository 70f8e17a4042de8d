import { casesForAuc } from '../../sample-size/auc-sample-size.ts'
import { type PrecisionPlan, proportionPrecision, twoProportions } from '../../sample-size/proportion-sample-size.ts'
import {
  casesForPower,
  type Pilot,
  type PlannedStudy,
  type Power,
  readerStudyPower,
} from '../../sample-size/reader-study-power.ts'
import type { Json } from '../json.ts'
import { type EntryContext, numberOf, type Topic } from '../vector-input.ts'

type Input = EntryContext['input']

const pilot = (input: Input): Pilot => ({
  cases: numberOf(input, 'KStar'),
  testReader: numberOf(input, 'VarTR'),
  variance: numberOf(input, 'Var'),
  cov1: numberOf(input, 'Cov1'),
  cov2: numberOf(input, 'Cov2'),
  cov3: numberOf(input, 'Cov3'),
})

const study = (input: Input): PlannedStudy => ({
  readers: numberOf(input, 'J'),
  cases: numberOf(input, 'K'),
  effect: numberOf(input, 'effectSize'),
  alpha: numberOf(input, 'sig_level'),
})

const precision =
  (pick: (plan: PrecisionPlan) => number) =>
  ({ input }: EntryContext): Json =>
    pick(
      proportionPrecision({
        p: numberOf(input, 'p'),
        w: numberOf(input, 'w'),
        m: numberOf(input, 'm'),
        icc: numberOf(input, 'icc'),
        level: numberOf(input, 'level'),
      }),
    )

/** The tool looks no further than this, and answers one more when it gives up. */
const TOOL_LIMIT = 2000

const powered = (power: Power | null, name: string, critical: string): Json =>
  power && {
    [`power${name}`]: power.power,
    [`ncp${name}`]: power.noncentrality,
    [`df2${name}`]: power.df2,
    [critical]: power.critical,
  }

export const sampleSizeTopic: Topic = {
  n: ({ input }) => {
    const ratio = input['kappa'] === undefined ? 1 : numberOf(input, 'kappa')
    const of = {
      auc: numberOf(input, 'auc0'),
      alpha: numberOf(input, 'sig_level'),
      power: numberOf(input, 'power'),
      ratio,
    }
    const { positives, negatives } = casesForAuc(of)
    return { ncases: positives, ncontrols: negatives }
  },
  n_per_group: ({ input }) =>
    twoProportions({
      p1: numberOf(input, 'p1'),
      p2: numberOf(input, 'p2'),
      alpha: numberOf(input, 'sig_level'),
      power: numberOf(input, 'power'),
    }),
  n_units_independent: precision((plan) => plan.unitsIndependent),
  design_effect: precision((plan) => plan.designEffect),
  n_units: precision((plan) => plan.units),
  n_patients: precision((plan) => plan.patients),
  rrrc: ({ input }) => powered(readerStudyPower(pilot(input), study(input)).randomBoth, 'RRRC', 'fRRRC'),
  frrc: ({ input }) => powered(readerStudyPower(pilot(input), study(input)).fixedReaders, 'FRRC', 'chsqFRRC'),
  rrfc: ({ input }) => powered(readerStudyPower(pilot(input), study(input)).fixedCases, 'RRFC', 'fRRFC'),
  'K_for_*': ({ input, named }) => {
    const goal = { power: (named[0] ?? 80) / 100, atMost: TOOL_LIMIT }
    const found = casesForPower(pilot(input), study(input), goal)
    if (found !== 'not_reachable') return { KRRRC: found.cases, powerRRRC: found.power }
    const beyond = readerStudyPower(pilot(input), { ...study(input), cases: TOOL_LIMIT + 1 }).randomBoth
    return { KRRRC: TOOL_LIMIT + 1, powerRRRC: beyond?.power ?? null }
  },
}
