import type { EvaluationCell } from '@facetgrade/evaluation/comparator'
import { type CellKey, type CellValue, cellText } from '@facetgrade/grading/cell'
import { jointSeverities } from '@facetgrade/grading/joint-severity'
import { patientLevels } from '@facetgrade/grading/level-numbering'
import type { Modality } from '@facetgrade/grading/modality'
import type { Protocol } from '@facetgrade/grading/protocol'
import { referenceModality } from '@facetgrade/grading/protocol-cells'
import { requiredCells } from '@facetgrade/grading/required-cells'
import type { CaseCell, TestCase } from './evaluation-store.ts'

/** Answers of every rater by comparator code, and of the reference. */
export type EvaluationAnswers = {
  readonly reference: readonly CaseCell[]
  readonly ratings: ReadonlyMap<string, readonly CaseCell[]>
}

const NOT_GRADED: CellValue = { kind: 'not_graded' }
/** An interval of severity is missing, whoever it is of: no grade is guessed from it. */
const INTERVAL: CellValue = { kind: 'not_assessable', reason: { code: 'other', text: 'severity is an interval' } }

/**
 * One row per case and required cell, and one per joint for derived severity where the modality asks every feature: what
 * the reference says (of the protocol's target modality) and what each rater said. A cell that nobody answered is there
 * as not graded, so that it is counted as missing and not forgotten.
 */
export function evaluationCells(
  protocol: Protocol,
  cases: readonly TestCase[],
  { reference, ratings }: EvaluationAnswers,
): EvaluationCell[] {
  const truth = indexed(reference)
  const raters = [...ratings].map(([code, cells]) => [code, indexed(cells)] as const)
  return cases.flatMap(({ patientCode, modality, lumbarVertebrae }) => {
    const required = requiredCells(protocol, modality, patientLevels(protocol, { lumbarVertebrae }))
    const target = referenceModality(protocol, modality)
    const rows = required.map(
      (cell): EvaluationCell => ({
        patientCode,
        modality,
        ...cell,
        reference: truth.get(keyOf(patientCode, target, cell)) ?? NOT_GRADED,
        ratings: Object.fromEntries(
          raters.map(([code, answers]) => [code, answers.get(keyOf(patientCode, modality, cell)) ?? NOT_GRADED]),
        ),
      }),
    )
    return [...rows, ...severityRows(protocol, { modality, target, rows })]
  })
}

/** X-ray severity is evaluated from the direct grade only: without erosion and cyst the rule gives mostly intervals. */
function severityRows(
  protocol: Protocol,
  { modality, target, rows }: { modality: Modality; target: Modality; rows: readonly EvaluationCell[] },
): EvaluationCell[] {
  const asksEveryFeature = protocol.features.every(({ scales }) => scales[modality])
  if (!asksEveryFeature || protocol.globalGrade?.modalities.includes(modality)) return []
  const [first] = rows
  if (!first) return []
  const derived = (of: Modality, valueOf: (row: EvaluationCell) => CellValue): Map<string, CellValue> =>
    severities(
      protocol,
      of,
      rows.map((row) => ({ cell: keyed(row), value: valueOf(row) })),
    )
  const reference = derived(target, (row) => row.reference)
  const raters = Object.keys(first.ratings).map(
    (code) => [code, derived(modality, (row) => row.ratings[code] ?? NOT_GRADED)] as const,
  )
  return [...reference].map(([joint, value]): EvaluationCell => {
    const at = rows.find((row) => jointOf(row) === joint) ?? first
    return {
      patientCode: first.patientCode,
      modality,
      level: at.level,
      side: at.side,
      feature: 'severity',
      reference: value,
      ratings: Object.fromEntries(raters.map(([code, values]) => [code, values.get(joint) ?? NOT_GRADED])),
    }
  })
}

/** Derived severity by joint; a joint of which nothing was graded is not graded. */
function severities(
  protocol: Protocol,
  modality: Modality,
  cells: readonly { readonly cell: CellKey; readonly value: CellValue }[],
): Map<string, CellValue> {
  const unread = new Set(cells.map(({ cell }) => jointOf(cell)))
  for (const { cell, value } of cells) if (value.kind !== 'not_graded') unread.delete(jointOf(cell))
  return new Map(
    jointSeverities(protocol, modality, cells).map(({ level, side, severity }): [string, CellValue] => {
      const joint = jointOf({ level, side })
      if (unread.has(joint)) return [joint, NOT_GRADED]
      return [joint, severity.kind === 'exact' ? { kind: 'graded', grade: severity.grade } : INTERVAL]
    }),
  )
}

const jointOf = ({ level, side }: Pick<CellKey, 'level' | 'side'>): string => `${level}-${side}`
const keyed = ({ level, side, feature }: EvaluationCell): CellKey => ({ level, side, feature })
const keyOf = (patientCode: string, modality: Modality, cell: CellKey): string =>
  `${patientCode}/${modality}/${cellText(cell)}`

function indexed(cells: readonly CaseCell[]): Map<string, CellValue> {
  return new Map(cells.map(({ patientCode, modality, cell, value }) => [keyOf(patientCode, modality, cell), value]))
}
