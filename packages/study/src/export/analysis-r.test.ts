import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EvaluationDocument } from '@facetgrade/evaluation/evaluation-document'
import { Protocol } from '@facetgrade/grading/protocol'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { simulatedBundle } from '../../test/simulated-bundle.ts'
import { isWithout, R, ranTool } from '../../test/tool.ts'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 })
const noR = isWithout('R with survey, pROC, jsonlite', R)
const folder = mkdtempSync(join(tmpdir(), 'facetgrade-analysis-'))
const results = join(folder, 'tables', 'evaluation-results.csv')
let document: EvaluationDocument

/** One modality, two features, few patients: every analysis of the plan, few rows of each. */
function smallProtocol(): Protocol {
  const path = join(import.meta.dirname, '../../../../protocols/lumbar-facet-joint.json')
  const whole = Protocol.parse(JSON.parse(readFileSync(path, 'utf8')))
  return { ...whole, modalities: ['ct'], features: whole.features.slice(0, 2) }
}

beforeAll(async () => {
  document = await simulatedBundle(folder, smallProtocol(), { patients: 14, seed: 11, replicates: 200 })
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

test.skipIf(noR)('R computes every number of an evaluation again from the tables, and finds no difference', () => {
  const { status, out } = ranTool('Rscript', ['analysis.R'], folder)
  expect(out).toContain(`${document.rows.length} rows: every number agrees`)
  expect(out).toContain('SYNTHETIC DATA: NOT A STUDY OF PATIENTS')
  expect(status).toBe(0)
  const kinds = new Set(document.rows.map(({ analysis }) => analysis))
  for (const kind of ['performance', 'model_vs_panel', 'hypothesis', 'interaction', 'patient_level', 'agreement_group'])
    expect(kinds).toContain(kind)
})

test.skipIf(noR)('a wrong number in one row stops it there, with ours and R', () => {
  const row = document.rows.find(({ analysis, metric }) => analysis === 'model_vs_panel' && metric === 'f1')
  const wrong = row?.result.estimate ?? 0
  const before = readFileSync(results, 'utf8')
  const line = before.split('\r\n').find((one) => one.startsWith(`${row?.id},`)) ?? ''
  const evaluation = join(folder, 'evaluation', 'results.json')
  const json = readFileSync(evaluation, 'utf8')
  writeFileSync(results, before.replace(line, line.replace(`,${wrong},`, `,${wrong + 0.001},`)))
  const told = ranTool('Rscript', ['analysis.R'], folder)
  expect(told.status).toBe(1)
  // The table and results.json no longer say the same: that alone is a difference.
  expect(told.out).toContain(`row  ${row?.id}`)
  const forged: EvaluationDocument = JSON.parse(json)
  for (const one of forged.rows) if (one.id === row?.id) one.result.estimate = wrong + 0.001
  writeFileSync(evaluation, JSON.stringify(forged))
  const { status, out } = ranTool('Rscript', ['analysis.R'], folder)
  expect(status).toBe(1)
  expect(out).toContain(`row  ${row?.id}`)
  expect(out).toContain('what estimate')
  expect(out).toContain('stops at the first difference')
  writeFileSync(results, before)
  writeFileSync(evaluation, json)
})

test.skipIf(noR)('a grade changed in the tables is found: R reads the tables and not the results', () => {
  const path = join(folder, 'tables', 'reference.csv')
  const before = readFileSync(path, 'utf8')
  writeFileSync(
    path,
    before.replace(/,test,0,ct,([^,]+),([^,]+),narrowing,1,0,graded/, ',test,0,ct,$1,$2,narrowing,1,3,graded'),
  )
  expect(readFileSync(path, 'utf8')).not.toBe(before)
  const { status, out } = ranTool('Rscript', ['analysis.R'], folder)
  writeFileSync(path, before)
  expect(status).toBe(1)
  expect(out).toContain('DIFFERENCE')
})
