import type { EvaluationCell } from '@facetgrade/evaluation/comparator'
import { type CellKey, type CellValue, cellText } from '@facetgrade/grading/cell'
import { jointSeverities } from '@facetgrade/grading/joint-severity'
import { patientLevels } from '@facetgrade/grading/level-numbering'
import type { Modality } from '@facetgrade/grading/modality'
import type { Protocol } from '@facetgrade/grading/protocol'
import { referenceModality } from '@facetgrade/grading/protocol-cells'
import { requiredCells } from '@facetgrade/grading/required-cells'
import type { CaseCell, PartCase } from './evaluation-store.ts'

/** What a model says of one cell: a grade with the probabilities that it follows from, or an abstention. */
export type ModelCell = CaseCell & { readonly probabilities: readonly number[] | null }

/** Answers of every rater by comparator code, and of the reference. */
export type EvaluationAnswers = {
  readonly reference: readonly CaseCell[]
  readonly ratings: ReadonlyMap<string, readonly CaseCell[]>
  /** By the model's code. Its severity is that of its own head, never of the rule. */
  readonly models?: ReadonlyMap<
    string,
    { readonly modalities: readonly Modality[]; readonly cells: readonly ModelCell[] }
  >
  /** The reference readers' own consensus of the same modality. */
  readonly settled?: readonly (CaseCell & { readonly isAdjudicated: boolean })[]
}

const NOT_GRADED: CellValue = { kind: 'not_graded' }
const NOT_APPLICABLE: CellValue = { kind: 'not_applicable' }
/** An interval of severity is missing, whoever it is of: no grade is guessed from it. */
const INTERVAL: CellValue = { kind: 'not_assessable', reason: { code: 'other', text: 'severity is an interval' } }

/**
 * One row per case and required cell, and one per joint for derived severity where reference or modality knows every feature:
 * what the reference says (of the protocol's target modality) and what each rater said. A cell that nobody answered is there
 * as not graded, so that it is counted as missing and not forgotten.
 */
export function evaluationCells(
  protocol: Protocol,
  cases: readonly PartCase[],
  answers: EvaluationAnswers,
): EvaluationCell[] {
  const known = indexAnswers(answers)
  return cases.flatMap(({ patientCode, modality, lumbarVertebrae }) => {
    const levels = patientLevels(protocol, { lumbarVertebrae })
    const target = referenceModality(protocol, modality)
    const rows = requiredCells(protocol, modality, levels).map((cell): EvaluationCell => {
      const key = keyOf(patientCode, modality, cell)
      const isAdjudicated = known.adjudicated.get(key)
      return {
        patientCode,
        modality,
        ...cell,
        reference: known.truth.get(keyOf(patientCode, target, cell)) ?? NOT_GRADED,
        ratings: {
          ...Object.fromEntries(known.raters.map(([code, cells]) => [code, cells.get(key) ?? NOT_GRADED])),
          ...modelRatings(known, modality, key),
        },
        ...modelProbabilities(known, key),
        ...(isAdjudicated === undefined ? {} : { isAdjudicated }),
      }
    })
    const truthOf = (cell: CellKey): CellValue => known.truth.get(keyOf(patientCode, target, cell)) ?? NOT_GRADED
    const targetCells = requiredCells(protocol, target, levels)
    return [...rows, ...severityRows(protocol, { modality, target, rows, targetCells, truthOf, known })]
  })
}

type Known = {
  readonly truth: ReadonlyMap<string, CellValue>
  readonly raters: readonly (readonly [code: string, cells: ReadonlyMap<string, CellValue>])[]
  readonly models: readonly {
    readonly code: string
    readonly modalities: readonly Modality[]
    readonly cells: ReadonlyMap<string, ModelCell>
  }[]
  readonly adjudicated: ReadonlyMap<string, boolean>
}

function indexAnswers({ reference, ratings, models, settled }: EvaluationAnswers): Known {
  return {
    truth: indexed(reference),
    raters: [...ratings].map(([code, cells]) => [code, indexed(cells)] as const),
    models: [...(models ?? [])].map(([code, { modalities, cells }]) => ({
      code,
      modalities,
      cells: new Map(cells.map((one) => [keyOf(one.patientCode, one.modality, one.cell), one])),
    })),
    adjudicated: new Map(
      (settled ?? []).map((one) => [keyOf(one.patientCode, one.modality, one.cell), one.isAdjudicated]),
    ),
  }
}

/** A model that is not made for a modality is not asked there; a cell that it was not run on is not graded. */
function modelRatings({ models }: Known, modality: Modality, key: string): Record<string, CellValue> {
  return Object.fromEntries(
    models.map(({ code, modalities, cells }) => [
      code,
      modalities.includes(modality) ? (cells.get(key)?.value ?? NOT_GRADED) : NOT_APPLICABLE,
    ]),
  )
}

function modelProbabilities({ models }: Known, key: string): Pick<EvaluationCell, 'probabilities'> {
  const found = models.flatMap(({ code, cells }) => {
    const probabilities = cells.get(key)?.probabilities
    return probabilities ? [[code, probabilities] as const] : []
  })
  return found.length === 0 ? {} : { probabilities: Object.fromEntries(found) }
}

type SeverityInput = {
  readonly modality: Modality
  readonly target: Modality
  readonly rows: readonly EvaluationCell[]
  readonly targetCells: readonly CellKey[]
  readonly truthOf: (cell: CellKey) => CellValue
  readonly known: Known
}

/**
 * Severity of each joint: of the reference by the rule where its modality asks every feature, of readers by the rule where
 * theirs does, of a model from its own head. On X-ray without erosion and cyst the rule would give mostly intervals: there it
 * is asked of the model's head alone, against the modality that the protocol names as target.
 */
function severityRows(protocol: Protocol, of: SeverityInput): EvaluationCell[] {
  const { modality, target, rows, targetCells, truthOf, known } = of
  const [first] = rows
  if (!first || protocol.globalGrade?.modalities.includes(modality) || !asksEveryFeature(protocol, target)) return []
  const reference = severities(
    protocol,
    target,
    targetCells.map((cell) => ({ cell, value: truthOf(cell) })),
  )
  const readersCan = asksEveryFeature(protocol, modality)
  const raters = known.raters.map(([code]) => {
    const cells = rows.map((row) => ({ cell: keyed(row), value: row.ratings[code] ?? NOT_GRADED }))
    return [code, readersCan ? severities(protocol, modality, cells) : new Map<string, CellValue>()] as const
  })
  return [...reference].flatMap(([joint, value]): EvaluationCell[] => {
    const at = rows.find((row) => jointOf(row) === joint)
    if (!at) return []
    const { level, side, patientCode } = at
    const key = keyOf(patientCode, modality, { level, side, feature: 'severity' })
    const none = readersCan ? NOT_GRADED : NOT_APPLICABLE
    return [
      {
        patientCode,
        modality,
        level,
        side,
        feature: 'severity',
        reference: value,
        ratings: {
          ...Object.fromEntries(raters.map(([code, values]) => [code, values.get(joint) ?? none])),
          ...modelRatings(known, modality, key),
        },
        ...modelProbabilities(known, key),
      },
    ]
  })
}

const asksEveryFeature = (protocol: Protocol, modality: Modality): boolean =>
  protocol.features.every(({ scales }) => scales[modality])

/** Derived severity by joint; a joint of which nothing was graded is not graded. */
export function severities(
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
