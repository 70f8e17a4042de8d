import { readFileSync } from 'node:fs'
import { Protocol } from '@facetgrade/grading/protocol'
import { expect, test } from 'vitest'
import { AnalysisPlan, readAnalysisPlan } from './analysis-plan.ts'
import { defaultAnalysisPlan } from './default-analysis-plan.ts'

const shipped = Protocol.parse(
  JSON.parse(readFileSync(new URL('../../../protocols/lumbar-facet-joint.json', import.meta.url), 'utf8')),
)
const plan = defaultAnalysisPlan(shipped)
const problems = (changed: AnalysisPlan): string[] =>
  AnalysisPlan.safeParse(changed).error?.issues.map((one) => one.message) ?? []

test('the default plan of the shipped protocol can be locked as it is', () => {
  expect(problems(plan)).toEqual([])
  expect(plan.comparators).toEqual([{ group: 'junior', readers: true, consensus: true, aided: true }])
})

test('a non-inferiority family without a margin is refused', () => {
  expect(problems({ ...plan, margins: [] })).toEqual([
    expect.stringContaining('no margin'),
    expect.stringContaining('no margin'),
  ])
})

test('two families of one name, a group or a metric named twice are refused', () => {
  expect(problems({ ...plan, families: [...plan.families, ...plan.families] })).not.toEqual([])
  expect(problems({ ...plan, comparators: [...plan.comparators, ...plan.comparators] })).toEqual([
    'a group is named twice',
  ])
  expect(problems({ ...plan, metricsBeside: ['auc', 'auc'] })).toEqual(['a metric is named twice'])
})

test('an operating point chosen on test cannot be written down', () => {
  expect(problems({ ...plan, operatingPoint: { rule: 'youden', chosenOn: 'test' as never } })).not.toEqual([])
})

test('a plan of the first format is read as what it then meant; what is neither format is refused', () => {
  const { models, calibration, decisionCurves, patientLevel, agreement, readingTime, gallery, ...common } = plan
  const first = {
    ...common,
    format: 'facetgrade-analysis-plan/1',
    comparators: plan.comparators.map(({ group, readers, consensus }) => ({ group, readers, consensus })),
  }
  const read = readAnalysisPlan(first)
  expect(read).toMatchObject({ format: 'facetgrade-analysis-plan/2', models: { which: 'none' }, decisionCurves: [] })
  expect(read.comparators).toEqual([{ group: 'junior', readers: true, consensus: true, aided: false }])
  expect(read).toMatchObject({ calibration, patientLevel, agreement, readingTime, gallery })
  expect(models).toEqual({ which: 'all_predicted' })
  expect(decisionCurves).toHaveLength(1)
  expect(readAnalysisPlan(plan)).toEqual(plan)
  expect(() => readAnalysisPlan({ ...first, format: 'facetgrade-analysis-plan/9' })).toThrow('format')
})
