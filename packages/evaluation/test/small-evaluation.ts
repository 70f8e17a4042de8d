import type { CellValue } from '@facetgrade/grading/cell'
import { type EvaluationInput, evaluate } from '../src/analysis/evaluate.ts'
import { resampleHere } from '../src/bootstrap/resample-here.ts'
import type { EvaluationCell, EvaluationProtocol } from '../src/comparator.ts'
import { defaultAnalysisPlan } from '../src/default-analysis-plan.ts'
import { type EvaluationComparator, EvaluationDocument } from '../src/evaluation-document.ts'
import type { EvaluationRow } from '../src/evaluation-row.ts'

const text = { en: 'x', zh: '某' }
const scale = [0, 1, 2, 3].map(() => ({ label: text, definition: text }))

/** One modality, one feature, two readers a group. */
export const protocol: EvaluationProtocol = {
  modalities: ['ct'],
  features: [{ feature: 'narrowing', label: text, guidance: text, scales: { ct: scale } }],
  severity: { levels: scale },
  readerGroups: [
    { name: 'junior', label: text, role: 'compared', readers: 2, codePrefix: 'J' },
    { name: 'senior', label: text, role: 'reference', readers: 2, codePrefix: 'S' },
  ],
  referenceTargets: {},
  endpoints: {
    primary: ['f1', 'auc'],
    secondary: ['accuracy'],
    cutGrades: [
      { modality: 'ct', feature: 'narrowing', cutGrade: 2 },
      { modality: 'ct', feature: 'severity', cutGrade: 2 },
    ],
  },
}
const shipped = defaultAnalysisPlan(protocol)
/** The plan that ships, on plain t and with few resamples: hand computations have no logit. */
export const plan = {
  ...shipped,
  interval: {
    ...shipped.interval,
    proportions: 'linearised_t' as const,
    bootstrap: { ...shipped.interval.bootstrap, replicates: 200 },
  },
}
export const J1 = comparator('J1', 'reader', 'junior')
export const J2 = comparator('J2', 'reader', 'junior')
export const graded = (grade: number): CellValue => ({ kind: 'graded', grade })
export const open: CellValue = { kind: 'not_assessable', reason: { code: 'artefact' } }
export const unread: CellValue = { kind: 'not_graded' }
const LEVELS = ['L1L2', 'L2L3', 'L3L4', 'L4L5', 'L5S1'] as const

export function comparator(
  code: string,
  kind: EvaluationComparator['kind'],
  group: string | null,
): EvaluationComparator {
  return { code, kind, group, round: null, modelHash: null }
}

type Given = CellValue | number
/** What the reference says of each joint of each patient, then J1, then J2 (as J1 where it is left out). */
export function cells(patients: readonly (readonly (readonly Given[])[])[]): EvaluationCell[] {
  const value = (one: Given | undefined): CellValue =>
    one === undefined ? unread : typeof one === 'number' ? graded(one) : one
  return patients.flatMap((joints, p) =>
    joints.map(([reference, first, second], j) => ({
      patientCode: `P${String(p).padStart(10, '0')}`,
      modality: 'ct' as const,
      level: LEVELS[Math.floor(j / 2)] ?? 'L5S1',
      side: j % 2 === 0 ? ('left' as const) : ('right' as const),
      feature: 'narrowing' as const,
      reference: value(reference),
      ratings: { J1: value(first), J2: value(second ?? first) },
    })),
  )
}

export const evaluated = (
  given: readonly EvaluationCell[],
  rest: Partial<EvaluationInput> = {},
): Promise<EvaluationDocument> =>
  evaluate(
    {
      protocol,
      plan,
      data: 'simulated',
      studyKind: 'synthetic',
      comparators: [J1],
      cells: given,
      operatingPoints: [],
      facts: [],
      examId: () => null,
      readingTimes: [],
      flow: { enrolled: 0, notScreened: 0, excluded: [], excludedPatients: 0, eligible: 0, parts: [] },
      tableOne: [],
      distributions: [],
      ...rest,
    },
    resampleHere,
  ).then((document) => EvaluationDocument.parse(document))

/** The only row with these keys. */
export function rowOf(rows: readonly EvaluationRow[], key: Partial<EvaluationRow>): EvaluationRow {
  const found = rows.filter((row) =>
    Object.entries(key).every(
      ([name, value]) => JSON.stringify(row[name as keyof EvaluationRow]) === JSON.stringify(value),
    ),
  )
  const [row] = found
  if (row === undefined || found.length > 1) throw new Error(`${found.length} rows for ${JSON.stringify(key)}`)
  return row
}
