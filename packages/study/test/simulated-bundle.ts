import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { analysisScript } from '@facetgrade/bundle/analysis-script'
import { csvLine } from '@facetgrade/bundle/csv'
import type { TableValue } from '@facetgrade/bundle/table'
import { evaluate } from '@facetgrade/evaluation/analysis/evaluate'
import type { AnalysisPlan } from '@facetgrade/evaluation/analysis-plan'
import { resampleHere } from '@facetgrade/evaluation/bootstrap/resample-here'
import type { EvaluationCell } from '@facetgrade/evaluation/comparator'
import { defaultAnalysisPlan } from '@facetgrade/evaluation/default-analysis-plan'
import type { EvaluationDocument } from '@facetgrade/evaluation/evaluation-document'
import { SIMULATED_MODEL, simulatedEvaluation } from '@facetgrade/evaluation/simulation/simulated-evaluation'
import type { CellValue } from '@facetgrade/grading/cell'
import type { Protocol } from '@facetgrade/grading/protocol'
import { evaluationFiles } from '../src/export/evaluation-files.ts'
import { RESULTS_TABLE, resultRows } from '../src/export/results-table.ts'

/** Stands for the simulated model's manifest. */
const MODEL_HASH = 'a'.repeat(64)
const REFERENCE_VERSION = 1
const ROUND = 'first'
type Row = Readonly<Record<string, TableValue>>
type Input = ReturnType<typeof simulatedEvaluation>

/**
 * A bundle's folder of made-up answers, with all that analysis.R reads: the engine's own simulation, evaluated by it and laid
 * out as tables. Severity is left out: made-up severities do not follow from made-up grades.
 */
export async function simulatedBundle(
  folder: string,
  protocol: Protocol,
  of: { patients: number; seed: number; replicates: number },
): Promise<EvaluationDocument> {
  const whole = defaultAnalysisPlan(protocol)
  const bootstrap = { ...whole.interval.bootstrap, replicates: of.replicates }
  const small = {
    subgroups: whole.subgroups.filter(({ by }) => by === 'age' || by === 'side' || by === 'scanner'),
    agreement: { by: ['level' as const] },
  }
  const plan: AnalysisPlan = { ...whole, ...small, interval: { ...whole.interval, bootstrap } }
  const made = (seed: number): Input =>
    simulatedEvaluation({ protocol, plan }, { patients: of.patients, seed, notAssessable: 0.03 })
  const simulated = made(of.seed)
  // The points were chosen on the simulation's own validation part, which is the next seed's.
  const validation = made(of.seed + 1).cells.map((cell) => ({
    ...cell,
    patientCode: cell.patientCode.replace('T', 'V'),
  }))
  const cells = simulated.cells.filter(hasGrades)
  const operatingPoints = simulated.operatingPoints.filter(hasGrades)
  const evaluated = await evaluate({ ...simulated, cells, operatingPoints, data: 'test' }, resampleHere)
  const comparators = evaluated.comparators.map((one) =>
    one.kind === 'model' ? { ...one, modelHash: MODEL_HASH } : one,
  )
  const document = { ...evaluated, comparators }
  const put = (name: string, text: string): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  put('analysis.R', analysisScript())
  put('protocol.json', JSON.stringify(protocol))
  put('plan.json', JSON.stringify(plan))
  const study = { code: 'made-up', title: 'Made-up answers', kind: 'synthetic' }
  put('manifest.json', JSON.stringify({ study, about: 'Made up', evaluation: { rows: evaluated.rows.length } }))
  const inputs = { reference: { version: REFERENCE_VERSION } }
  for (const { name, content } of evaluationFiles({ inputs, results: document })) put(`evaluation/${name}`, content)
  const tables = tablesOf(simulated, [...cells, ...validation.filter(hasGrades)], document)
  for (const [name, rows] of Object.entries(tables)) put(`tables/${name}.csv`, csvOf(rows))
  const header = csvLine(RESULTS_TABLE.columns.map(({ name }) => name))
  put('tables/evaluation-results.csv', header + resultRows(document, 'b'.repeat(64), 'synthetic').map(csvLine).join(''))
  return document
}

const hasGrades = ({ feature }: { readonly feature: string }): boolean => feature !== 'severity'

function csvOf(rows: readonly Row[]): string {
  const columns = Object.keys(rows[0] ?? {})
  return csvLine(columns) + rows.map((row) => csvLine(columns.map((name) => row[name] ?? null))).join('')
}

function tablesOf(simulated: Input, cells: readonly EvaluationCell[], document: EvaluationDocument) {
  const cases = [...new Map(cells.map((cell) => [`${cell.patientCode} ${cell.modality}`, caseOf(cell)])).values()]
  const codes = [...new Set(cases.map(({ patient_code }) => patient_code))]
  const facts = new Map(simulated.facts.map((one) => [one.patientCode, one]))
  const readers = document.comparators.filter(({ kind }) => kind === 'reader' || kind === 'reference_reader')
  const given = cases.flatMap((one) => readers.map(({ code, group }) => ({ one, reader: code, group: group ?? '' })))
  return {
    patients: codes.map((code) => ({
      patient_code: code,
      sex: facts.get(code)?.sex ?? null,
      age_years: facts.get(code)?.ageYears ?? null,
      site: facts.get(code)?.site ?? null,
      lumbar_vertebrae: 'five',
    })),
    exams: cases.map((one) => {
      const exam = facts.get(one.patient_code)?.exams[one.modality]
      return {
        ...one,
        index_exam: 1,
        scanner: exam?.scanner ?? null,
        slice_thickness_mm: exam?.sliceThicknessMm ?? null,
      }
    }),
    'reading-order': given.map(({ one, reader }) => ({
      ...one,
      round: ROUND,
      reader,
      position: Number(one.patient_code.slice(1)),
      signed_at: '2026-01-01T00:00:00.000Z',
    })),
    'grade-events': eventsOf(document, cases),
    grades: cells.flatMap((cell) =>
      readers.map(({ code }) => ({
        ...placeOf(cell),
        round: ROUND,
        reader: code,
        signed_at: '2026-01-01T00:00:00.000Z',
        ...answerOf(cell.ratings[code]),
      })),
    ),
    consensus: cells.flatMap((cell) => [
      ...document.comparators
        .filter(({ kind }) => kind === 'consensus')
        .map(({ code }) => ({ ...settledOf(cell, code, 'agreed'), ...answerOf(cell.ratings[code]) })),
      ...(cell.isAdjudicated === undefined
        ? []
        : [
            {
              ...settledOf(cell, 'senior', cell.isAdjudicated ? 'adjudicated' : 'agreed'),
              ...answerOf(cell.reference),
            },
          ]),
    ]),
    reference: cells.map((cell) => ({
      ...placeOf(cell),
      reference_version: REFERENCE_VERSION,
      ...answerOf(cell.reference),
    })),
    predictions: cells.map((cell) => {
      const shares = cell.probabilities?.[SIMULATED_MODEL]
      const answer = answerOf(cell.ratings[SIMULATED_MODEL])
      return {
        ...placeOf(cell),
        prediction_state: shares ? 'graded' : 'abstained',
        grade: answer.grade,
        ...Object.fromEntries([0, 1, 2, 3, 4].map((grade) => [`p${grade}`, shares?.[grade] ?? null])),
        latest: 1,
        model_hash: MODEL_HASH,
      }
    }),
  }
}

const caseOf = ({ patientCode, modality }: EvaluationCell) => ({
  patient_code: patientCode,
  part: patientCode.startsWith('T') ? 'test' : 'validation',
  withdrawn: 0,
  modality,
})
const placeOf = (cell: EvaluationCell) => ({
  ...caseOf(cell),
  level: cell.level,
  side: cell.side,
  feature: cell.feature,
})
const settledOf = (cell: EvaluationCell, group: string, origin: string) => ({
  ...placeOf(cell),
  round: ROUND,
  reader_group: group,
  in_force: 1,
  complete: 1,
  consensus_origin: origin,
})
const answerOf = (value: CellValue | undefined) => ({
  grade: value?.kind === 'graded' ? value.grade : null,
  state: value?.kind ?? 'not_graded',
})

/** As many events as the idle cap makes of a reading's seconds. */
function eventsOf(document: EvaluationDocument, cases: readonly ReturnType<typeof caseOf>[]): Row[] {
  const CAP_MS = 60_000
  return document.readingTimes.flatMap(({ reader, modality, cases: times }) =>
    times.flatMap(({ position, seconds }) => {
      const one = cases.find(
        (candidate) =>
          candidate.modality === modality &&
          candidate.part === 'test' &&
          Number(candidate.patient_code.slice(1)) === position,
      )
      const steps = Math.ceil((seconds * 1000) / CAP_MS)
      return Array.from({ length: steps }, (_, step) => ({
        ...one,
        round: ROUND,
        reader,
        sequence: step + 1,
        client_offset_ms: Math.min(Math.round(seconds * 1000), (step + 1) * CAP_MS),
      }))
    }),
  )
}
