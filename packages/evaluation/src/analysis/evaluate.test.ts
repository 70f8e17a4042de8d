import { readFileSync } from 'node:fs'
import { Protocol } from '@facetgrade/grading/protocol'
import { beforeAll, describe, expect, test } from 'vitest'
import { graded, J1, J2, rowOf } from '../../test/small-evaluation.ts'
import { bootstrapInWorkers } from '../bootstrap/node-bootstrap-pool.ts'
import { resampleCounts } from '../bootstrap/resample-counts.ts'
import { resampleHere } from '../bootstrap/resample-here.ts'
import { defaultAnalysisPlan } from '../default-analysis-plan.ts'
import { EvaluationDocument } from '../evaluation-document.ts'
import type { EvaluationRow } from '../evaluation-row.ts'
import { holm } from '../multiplicity/holm.ts'
import { quantile } from '../quantile.ts'
import { readEvaluationDocument } from '../read-evaluation-document.ts'
import { SIMULATED_MODEL, simulatedEvaluation } from '../simulation/simulated-evaluation.ts'
import { type EvaluationInput, evaluate } from './evaluate.ts'
import { chooseOperatingPoints } from './operating-points.ts'
import { secondsOf } from './reading-time.ts'

const shipped = Protocol.parse(
  JSON.parse(readFileSync(new URL('../../../../protocols/lumbar-facet-joint.json', import.meta.url), 'utf8')),
)
const protocol = { ...shipped, modalities: ['ct' as const] }
const defaults = defaultAnalysisPlan(protocol)
const bootstrap = { ...defaults.interval.bootstrap, replicates: 200 }
const plan = { ...defaults, interval: { ...defaults.interval, bootstrap } }
const whole = simulatedEvaluation({ protocol, plan }, { patients: 24, seed: 11, notAssessable: 0.02 })
// Two features are enough to see everything; CT severity stands for what is derived.
const input: EvaluationInput = {
  ...whole,
  cells: whole.cells.filter(({ feature }) => feature === 'narrowing' || feature === 'severity'),
}
let document: EvaluationDocument
let rows: readonly EvaluationRow[]
beforeAll(async () => {
  document = await evaluate(input, resampleHere)
  rows = document.rows
})
const at = { modality: 'ct', feature: 'narrowing', missingRule: null, subgroup: null, hypothesis: null } as const
const estimate = (key: Partial<EvaluationRow>): number => rowOf(rows, { ...at, ...key }).result.estimate ?? Number.NaN
const positive = (grade: number): boolean => grade >= 1
const narrowing = input.cells.filter(({ feature }) => feature === 'narrowing')
const gradeOf = (cell: (typeof narrowing)[number], code: string): number | null => {
  const value = code === 'reference' ? cell.reference : cell.ratings[code]
  return value?.kind === 'graded' ? value.grade : null
}
const threshold = input.operatingPoints.find(({ feature }) => feature === 'narrowing')?.threshold ?? Number.NaN
const call = (cell: (typeof narrowing)[number]): boolean | null => {
  const shares = cell.probabilities?.[SIMULATED_MODEL]
  return shares ? shares.slice(1).reduce((sum, one) => sum + one, 0) > threshold : null
}

describe('the whole plan', () => {
  test('is a document of its format; every row has its own name, every null its reason, and no number is NaN', () => {
    expect(EvaluationDocument.parse(document)).toEqual(document)
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length)
    const unexplained = rows.filter(({ result }) => result.estimate === null && result.reason === null)
    expect(unexplained.map(({ id }) => id)).toEqual([])
    expect(JSON.stringify(document)).not.toContain('NaN')
  })

  test('holds every kind of analysis that the plan asks for', () => {
    const kinds = new Set(rows.map(({ analysis }) => analysis))
    expect([...kinds].toSorted()).toEqual(
      [
        'agreement_before_consensus',
        'agreement_difference',
        'agreement_group',
        'agreement_pair',
        'calibration',
        'discrimination',
        'grades',
        'hypothesis',
        'interaction',
        'model_vs_panel',
        'model_vs_reader',
        'patient_level',
        'performance',
        'performance_bootstrap',
        'reading_time',
        'subgroup',
      ].toSorted(),
    )
  })

  test('is the same whatever order the cells come in, and however many threads draw', async () => {
    const turned = await evaluate({ ...input, cells: input.cells.toReversed() }, bootstrapInWorkers)
    const told = (all: readonly EvaluationRow[]) =>
      Object.fromEntries(
        all.map(({ id, result }) => [id, [result.estimate?.toFixed(8), result.ci?.lower.toFixed(7), result.n]]),
      )
    expect(told(turned.rows)).toEqual(told(rows))
  })

  test('does not depend on what patients are called', async () => {
    const renamed = await evaluate(
      {
        ...input,
        cells: input.cells.map((cell) => ({ ...cell, patientCode: cell.patientCode.replace('T', 'Z') })),
        facts: input.facts.map((one) => ({ ...one, patientCode: one.patientCode.replace('T', 'Z') })),
      },
      resampleHere,
    )
    expect(renamed.rows).toEqual(rows)
  })
})

test('an evaluation of the first format is read as what it was: readers against the reference, no figure made up', () => {
  const accuracy = rowOf(rows, { ...at, analysis: 'performance', comparator: 'J1', metric: 'accuracy' })
  const { comparator, modality, referenceModality, feature, metric, cutGrade, result } = accuracy
  const old = {
    comparator,
    kind: 'reader',
    modality,
    referenceModality,
    feature,
    metric,
    cutGrade,
    result: { ...result, bootstrap: undefined },
  }
  const tables = [{ comparator: 'J1', modality, feature, confusion: [[1, 0]] }]
  const read = readEvaluationDocument({ format: 'facetgrade-evaluation/1', rows: [old], tables }, 'demo')
  expect(EvaluationDocument.parse(read)).toEqual(read)
  expect(read.rows).toMatchObject([{ analysis: 'performance', against: 'reference', score: 'grades', result }])
  expect(read.confusion[0]?.counts).toEqual([[1, 0]])
  expect(readEvaluationDocument(document, 'demo')).toEqual(document)
  expect(() => readEvaluationDocument({ format: 'facetgrade-evaluation/9' }, 'demo')).toThrow('format')
})

describe('model against readers', () => {
  test('the accuracy difference is that of the joints which both and the reference graded', () => {
    const both = narrowing.filter((cell) => gradeOf(cell, 'J1') !== null && call(cell) !== null)
    const right = (said: boolean, cell: (typeof both)[number]): number =>
      said === positive(gradeOf(cell, 'reference') ?? -1) ? 1 : 0
    const difference =
      both.reduce(
        (sum, cell) => sum + right(call(cell) === true, cell) - right(positive(gradeOf(cell, 'J1') ?? -1), cell),
        0,
      ) / both.length
    const row = rowOf(rows, { ...at, analysis: 'model_vs_reader', against: 'J1', metric: 'accuracy' })
    expect(row.result).toMatchObject({
      estimate: expect.closeTo(difference, 10),
      n: both.length,
      target: 'fixed_readers',
    })
    expect(row.result.p).not.toBeNull()
  })

  test('against the panel the estimate is the model less the mean reader, and random readers are less sure', () => {
    const of = (target: 'fixed_readers' | 'random_readers', metric: 'auc' | 'f1') =>
      rows.find(
        (row) =>
          row.analysis === 'model_vs_panel' &&
          row.feature === 'narrowing' &&
          row.metric === metric &&
          row.result.target === target,
      )?.result
    const all = narrowing.filter(
      (cell) => gradeOf(cell, 'J1') !== null && gradeOf(cell, 'J2') !== null && call(cell) !== null,
    )
    const f1 = (calls: (cell: (typeof all)[number]) => boolean): number => {
      const truths = all.map((cell) => positive(gradeOf(cell, 'reference') ?? -1))
      const said = all.map(calls)
      const tp = said.filter((one, i) => one && truths[i]).length
      return (2 * tp) / (said.filter(Boolean).length + truths.filter(Boolean).length)
    }
    const reader = (code: string) => f1((cell) => positive(gradeOf(cell, code) ?? -1))
    const expected = f1((cell) => call(cell) === true) - (reader('J1') + reader('J2')) / 2
    expect(of('fixed_readers', 'f1')).toMatchObject({ estimate: expect.closeTo(expected, 10), n: all.length, df: null })
    expect(of('random_readers', 'f1')?.estimate).toBeCloseTo(expected, 10)
    expect(of('random_readers', 'auc')?.df ?? 0).toBeGreaterThanOrEqual(1)
  })

  test('the declared families are adjusted by Holm, one-sided tests at half the level', () => {
    for (const { id, level } of plan.families) {
      const members = rows.filter(({ analysis, result }) => analysis === 'hypothesis' && result.family === id)
      expect(members.length).toBeGreaterThan(0)
      const adjusted = holm(members.map(({ result }) => result.p))
      members.forEach(({ result, hypothesis }, i) => {
        expect(result.pAdjusted).toBeCloseTo(adjusted[i] ?? -1, 9)
        expect(hypothesis).toMatchObject({
          kind: 'non_inferiority',
          margin: 0.05,
          isRejected: (adjusted[i] ?? 1) <= level / 2,
        })
        expect(rows.some((row) => row.id === hypothesis?.of)).toBe(true)
      })
    }
  })

  test('non-inferiority without adjustment says what the lower limit of the interval says', () => {
    const alone = rows.filter(
      ({ analysis, result }) => analysis === 'hypothesis' && result.family === 'model_vs_panel_auc',
    )
    for (const { result } of alone) {
      if (result.p === null || result.ci === null) continue
      expect(result.p <= 0.025).toBe(result.ci.lower >= -0.05)
    }
  })
})

describe('intervals from resamples', () => {
  test('are repeated from the shipped counts alone', () => {
    const { seed, replicates, patients } = document.bootstrap
    const perPatient = patients.map((code) => {
      const own = narrowing.filter((cell) => cell.patientCode === code && gradeOf(cell, 'J1') !== null)
      const right = own.filter(
        (cell) => positive(gradeOf(cell, 'J1') ?? -1) === positive(gradeOf(cell, 'reference') ?? -1),
      )
      return [right.length, own.length] as const
    })
    const drawn = [...resampleCounts({ seed, patients: patients.length, replicates })].length
    expect(drawn).toBe(replicates)
    const values: number[] = []
    for (const times of resampleCounts({ seed, patients: patients.length, replicates })) {
      let [above, below] = [0, 0]
      perPatient.forEach(([right, all], k) => {
        above += right * (times[k] ?? 0)
        below += all * (times[k] ?? 0)
      })
      values.push(above / below)
    }
    values.sort((a, b) => a - b)
    const { result } = rowOf(rows, { ...at, analysis: 'performance_bootstrap', comparator: 'J1', metric: 'accuracy' })
    expect(result.ci?.lower).toBeCloseTo(quantile(values, 0.025, 7), 10)
    expect(result.ci?.upper).toBeCloseTo(quantile(values, 0.975, 7), 10)
    expect(result).toMatchObject({ seed, bootstrap: { replicates, undefined: 0 } })
  })

  test('have the estimates of the primary line', () => {
    for (const row of rows.filter(({ analysis }) => analysis === 'performance_bootstrap')) {
      const { comparator, feature, metric, score } = row
      const primary = rowOf(rows, { ...at, analysis: 'performance', comparator, feature, metric, score })
      expect(row.result.estimate).toBeCloseTo(primary.result.estimate ?? -9, 10)
    }
  })
})

describe('agreement', () => {
  test('of a pair does not depend on the reference and has no referenceModality', () => {
    const row = rowOf(rows, { ...at, analysis: 'agreement_pair', comparator: 'J1+S2', metric: 'exact_agreement' })
    const both = narrowing.filter((cell) => gradeOf(cell, 'J1') !== null && gradeOf(cell, 'S2') !== null)
    const same = both.filter((cell) => gradeOf(cell, 'J1') === gradeOf(cell, 'S2')).length
    expect(row).toMatchObject({ referenceModality: null, result: { estimate: expect.closeTo(same / both.length, 10) } })
  })

  test('within the juniors less within the seniors is the difference of their kappas on the joints of all four', () => {
    const row = rowOf(rows, { ...at, analysis: 'agreement_difference', metric: 'weighted_kappa' })
    expect(row).toMatchObject({ comparator: 'J1+J2', against: 'S1+S2' })
    expect(Math.abs(row.result.estimate ?? 9)).toBeLessThan(1)
  })

  test('of a reader with himself comes from the repeat round; of aided reads the difference to the unaided', async () => {
    const later = input.cells.map((cell) => ({
      ...cell,
      ratings: {
        ...cell.ratings,
        'J1~second': cell.ratings['J1'] ?? graded(0),
        'J1~aided': cell.reference,
        'J2~aided': cell.reference,
      },
    }))
    const comparators = [
      ...input.comparators,
      { ...J1, code: 'J1~second', kind: 'repeat_reader' as const, round: 'second' },
      { ...J1, code: 'J1~aided', kind: 'aided_reader' as const, round: 'aided' },
      { ...J2, code: 'J2~aided', kind: 'aided_reader' as const, round: 'aided' },
    ]
    const cells = later.filter(({ feature }) => feature === 'narrowing')
    const { rows: all } = await evaluate({ ...input, cells, comparators }, resampleHere)
    const intra = rowOf(all, { ...at, analysis: 'agreement_intra', comparator: 'J1', metric: 'weighted_kappa' })
    expect(intra).toMatchObject({ against: 'second', result: { estimate: 1 } })
    const aided = rowOf(all, { ...at, analysis: 'aided_vs_unaided', comparator: 'J1~aided', metric: 'exact_agreement' })
    const unaided = rowOf(all, { ...at, analysis: 'performance', comparator: 'J1', metric: 'exact_agreement' })
    expect(aided.result.estimate).toBeCloseTo(1 - (unaided.result.estimate ?? 0), 10)
    const panel = all.filter(
      ({ analysis, comparator, metric }) =>
        analysis === 'aided_vs_unaided' && comparator === 'panel:junior~aided' && metric === 'auc',
    )
    expect(panel.map(({ result }) => result.target)).toEqual(['fixed_readers', 'random_readers'])
  })
})

describe('subgroups, patients, times', () => {
  test('a subgroup of fewer units than the plan says is not shown, and says so', async () => {
    const facts = input.facts.map((one, i) => ({ ...one, site: i === 0 ? 'Small' : 'Large' }))
    const hidden = await evaluate({ ...input, plan: { ...plan, suppressBelow: 11 }, facts }, resampleHere)
    const row = rowOf(hidden.rows, {
      ...at,
      analysis: 'subgroup',
      comparator: 'J1',
      metric: 'f1',
      subgroup: { by: 'site', value: 'Small' },
    })
    expect(row.result).toMatchObject({ estimate: null, ci: null, se: null, reason: 'suppressed' })
    expect(row.result.n).toBeLessThan(11)
  })

  test('ages fall into the bands of the plan', () => {
    const bands = new Set(
      rows.flatMap(({ subgroup }) => (subgroup?.by === 'age' && subgroup.value ? [subgroup.value] : [])),
    )
    expect([...bands].toSorted()).toEqual(['50-64', '<50', '>=65'])
  })

  test('patients are judged by their worst joint, and the row says that it counts patients', () => {
    const byPatient = Map.groupBy(
      narrowing.filter((cell) => gradeOf(cell, 'J1') !== null),
      ({ patientCode }) => patientCode,
    )
    const verdict = (code: string) =>
      [...byPatient.values()].map((own) => own.some((cell) => positive(gradeOf(cell, code) ?? -1)))
    const [said, truth] = [verdict('J1'), verdict('reference')]
    const right = said.filter((one, i) => one === truth[i]).length
    const { result } = rowOf(rows, { ...at, analysis: 'patient_level', comparator: 'J1', metric: 'accuracy' })
    expect(result).toMatchObject({ unit: 'patient', n: said.length, estimate: expect.closeTo(right / said.length, 10) })
    expect(result.method).toContain('wilson')
  })

  test('a pause counts as the plan caps it, and a case opened again goes on', () => {
    expect(secondsOf([1000, 5000, 905_000], 120)).toBe(1 + 4 + 120)
    expect(secondsOf([10_000, 2000, 4000], 120)).toBe(10 + 2 + 2)
    expect(secondsOf([], 120)).toBe(0)
  })

  test('a trend over three cases in a row has no interval that could be written down, and says so', async () => {
    const cases = [300, 9, 280].map((seconds, i) => ({ position: i + 1, seconds }))
    const readingTimes = [{ reader: 'J1', group: 'junior', round: 'first', modality: 'ct' as const, cases }]
    const few = await evaluate({ ...input, cells: [], readingTimes }, resampleHere)
    const { result } = rowOf(few.rows, { analysis: 'reading_time', metric: 'seconds_trend' })
    expect(result).toMatchObject({ ci: null, reason: 'too_few_patients', n: 3 })
    expect(EvaluationDocument.safeParse(few).success).toBe(true)
  })

  test('the median of reading times lies within order statistics of binomial rank', () => {
    const { result } = rowOf(rows, { analysis: 'reading_time', comparator: 'J1', metric: 'seconds_median' })
    const seconds = (input.readingTimes.find(({ reader }) => reader === 'J1')?.cases ?? [])
      .map((one) => one.seconds)
      .toSorted((a, b) => a - b)
    // R: qbinom(c(.025, .975), 24, .5) is 7 and 17: the 7th and the 18th of 24.
    expect(result).toMatchObject({ unit: 'reading', n: 24, ci: { lower: seconds[6], upper: seconds[17] } })
  })
})

describe('operating points', () => {
  test('are those of validation: what the test part says moves none of them', () => {
    const points = chooseOperatingPoints({ protocol, plan, model: SIMULATED_MODEL, cells: narrowing })
    const again = chooseOperatingPoints({ protocol, plan, model: SIMULATED_MODEL, cells: narrowing })
    expect(points).toEqual(again)
    expect(points[0]?.threshold).not.toBe(threshold)
  })

  test('a rule that asks for a sensitivity gets it on validation, with the highest specificity that goes with it', () => {
    const asked = {
      ...plan,
      operatingPoint: { rule: 'sensitivity_at_least', chosenOn: 'validation', value: 0.95 },
    } as const
    const [point] = chooseOperatingPoints({ protocol, plan: asked, model: SIMULATED_MODEL, cells: narrowing })
    expect(point?.sensitivity ?? 0).toBeGreaterThanOrEqual(0.95)
  })

  test('without one the model has no binary metric, and the reason says so', async () => {
    const without = await evaluate({ ...input, operatingPoints: [] }, resampleHere)
    const { result } = rowOf(without.rows, {
      ...at,
      analysis: 'performance',
      comparator: SIMULATED_MODEL,
      metric: 'f1',
    })
    expect(result).toMatchObject({ estimate: null, reason: 'no_operating_point' })
    expect(
      estimate({ analysis: 'performance', comparator: SIMULATED_MODEL, metric: 'auc', score: 'probability' }),
    ).toBeGreaterThan(0.5)
  })
})
