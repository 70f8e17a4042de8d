import type { CellValue } from '@facetgrade/grading/cell'
import type { AnalysisPlan } from './analysis-plan.ts'
import type { Comparator, EvaluationCell, EvaluationProtocol } from './comparator.ts'
import { cutGrade, scaleSize } from './comparison-data.ts'
import { type FirstEvaluationInput, type FirstEvaluationRow, firstEvaluation } from './first-evaluation.ts'

type MissingRule = AnalysisPlan['missing']['sensitivity'][number]

export type SensitivityRow = FirstEvaluationRow & { readonly missingRule: MissingRule }

/**
 * The plan's second lines on what raters left open, beside the primary rule that excludes the cell. `as_wrong`: the wrong
 * call (binary metrics), the end of the scale farthest from the truth (metrics on grades). `as_right`: the right call, the
 * grade of the truth. `drop_patient`: every patient with an open cell is out of that comparison. Cells that the reference
 * leaves open stay out: there is nothing to be right about.
 *
 * @returns a row per primary row and rule; `nMissing` and `missing` stay those of the data
 * @throws {RangeError} as `firstEvaluation`
 * @see methods 4 (missing: primary rule plus worst, best, drop)
 */
export function missingSensitivity(input: FirstEvaluationInput): SensitivityRow[] {
  const primary = firstEvaluation(input).rows
  return input.plan.missing.sensitivity.flatMap((missingRule) => {
    const calls = firstEvaluation({ ...input, cells: answered(input, missingRule, 'call') }).rows
    const grades = firstEvaluation({ ...input, cells: answered(input, missingRule, 'grade') }).rows
    return primary.flatMap((row, i) => {
      const second = (row.cutGrade === null ? grades : calls)[i]
      if (second === undefined) return []
      const { nMissing, missing } = row.result
      const method = `${second.result.method}/missing-${missingRule.replace('_', '-')}`
      return [{ ...row, missingRule, result: { ...second.result, method, nMissing, missing } }]
    })
  })
}

type Aim = 'call' | 'grade'

function answered(
  { protocol, comparators, cells }: FirstEvaluationInput,
  rule: MissingRule,
  aim: Aim,
): EvaluationCell[] {
  const incomplete = rule === 'drop_patient' ? incompletePatients(comparators, cells) : new Set<string>()
  return cells.map((cell) => {
    const ratings = { ...cell.ratings }
    for (const { code } of comparators) {
      if (incomplete.has(patientKey(code, cell))) ratings[code] = { kind: 'not_applicable' }
      else if (rule !== 'drop_patient' && isOpen(cell, code)) ratings[code] = assumed(protocol, cell, { rule, aim })
    }
    return { ...cell, ratings }
  })
}

const patientKey = (code: string, cell: EvaluationCell): string =>
  `${code}/${cell.modality}/${cell.feature}/${cell.patientCode}`

function incompletePatients(comparators: readonly Comparator[], cells: readonly EvaluationCell[]): Set<string> {
  const keys = new Set<string>()
  for (const cell of cells) {
    for (const { code } of comparators) if (isOpen(cell, code)) keys.add(patientKey(code, cell))
  }
  return keys
}

/** The reference has a grade and the rater has none, though asked. */
function isOpen(cell: EvaluationCell, code: string): boolean {
  const answer = cell.ratings[code]?.kind ?? 'not_graded'
  return cell.reference.kind === 'graded' && (answer === 'not_graded' || answer === 'not_assessable')
}

function assumed(protocol: EvaluationProtocol, cell: EvaluationCell, of: { rule: MissingRule; aim: Aim }): CellValue {
  const { modality, feature, reference } = cell
  if (reference.kind !== 'graded') throw new RangeError('assumed: the reference is open')
  const last = scaleSize(protocol, modality, feature) - 1
  const isRight = of.rule === 'as_right'
  if (of.aim === 'call') {
    const target = protocol.referenceTargets[modality] ?? modality
    const isPositive = reference.grade >= cutGrade(protocol, target, feature)
    return { kind: 'graded', grade: isPositive === isRight ? last : 0 }
  }
  const farthest = reference.grade > last / 2 ? 0 : last
  return { kind: 'graded', grade: isRight ? Math.min(reference.grade, last) : farthest }
}
