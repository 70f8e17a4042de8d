import type { AnalysisPlan } from '@facetgrade/evaluation/analysis-plan'
import { canonicalJson } from '@facetgrade/grading/canonical-json'
import type { CellValue } from '@facetgrade/grading/cell'
import type { Modality } from '@facetgrade/grading/modality'
import type { Part } from '@facetgrade/grading/part'
import type { PredictionOutput } from '@facetgrade/grading/prediction'
import { evaluationFitness } from '../models/evaluation-fitness.ts'
import { sha256 } from '../sha256.ts'
import type { Stores } from '../stores.ts'
import { StudyError } from '../study-error.ts'
import type { EvaluationAnswers, ModelCell } from './evaluation-cells.ts'

/** A registered grader that the plan judges, with what its predictions of the test part are. */
export type JudgedModel = {
  readonly modelId: string
  readonly slug: string
  /** The slug; with the beginning of the hash where two versions of one slug are judged. */
  readonly code: string
  readonly hash: string
  readonly modalities: readonly Modality[]
  readonly predictions: number
  readonly predictionsHash: string
}

type PredictionStores = Pick<Stores, 'models' | 'predictions'>

/**
 * The models that the plan names, or every registered grader with predictions of the test part.
 *
 * @throws {StudyError} PLAN_MODEL_UNKNOWN a named one is not registered; PREDICTIONS_MISSING it was not run on the test part;
 *   MODEL_SAW_TEST it was trained or tuned on a patient of the test part
 */
export async function judgedModels(
  stores: PredictionStores,
  { studyId, plan }: { studyId: string; plan: AnalysisPlan },
): Promise<JudgedModel[]> {
  const { models: rule } = plan
  if (rule.which === 'none') return []
  const registered = (await stores.models.list(studyId)).filter(
    ({ state, kind }) => state === 'registered' && kind === 'grader',
  )
  const named = rule.which === 'named' ? rule.ids : null
  for (const id of named ?? []) {
    if (!registered.some(({ slug }) => slug === id)) throw new StudyError('PLAN_MODEL_UNKNOWN', { model: id })
  }
  const judged: Omit<JudgedModel, 'code'>[] = []
  for (const { modelId, slug, hash, modalities } of registered) {
    if (slug === null || (named !== null && !named.includes(slug))) continue
    const predictions = await stores.predictions.ofPart({ studyId, part: 'test', modelHash: hash })
    if (predictions.length === 0) {
      if (named !== null) throw new StudyError('PREDICTIONS_MISSING', { model: slug })
      continue
    }
    const fitness = await evaluationFitness(stores, { modelId, part: 'test' })
    if (!fitness.fit) throw new StudyError('MODEL_SAW_TEST', { patients: fitness.patients })
    const fixed = predictions.map(({ patientCode, modality, cell, output }) => ({
      patientCode,
      modality,
      cell,
      output,
    }))
    const predictionsHash = sha256(canonicalJson(fixed.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))))
    judged.push({ modelId, slug, hash, modalities, predictions: predictions.length, predictionsHash })
  }
  return judged.map((model) => {
    const isAlone = judged.filter(({ slug }) => slug === model.slug).length === 1
    return { ...model, code: isAlone ? model.slug : `${model.slug}@${model.hash.slice(0, 8)}` }
  })
}

type Placed = { patientCode: string; modality: string; cell: { level: string; side: string; feature: string } }
const keyOf = ({ patientCode, modality, cell }: Placed): string =>
  `${patientCode}/${modality}/${cell.level}/${cell.side}/${cell.feature}`

/** What the models say of one part, by their codes. */
export async function modelCells(
  { predictions }: Pick<Stores, 'predictions'>,
  of: { readonly studyId: string; readonly part: Part; readonly models: readonly JudgedModel[] },
): Promise<NonNullable<EvaluationAnswers['models']>> {
  const cells = new Map<string, { modalities: readonly Modality[]; cells: ModelCell[] }>()
  for (const { code, hash, modalities } of of.models) {
    const rows = await predictions.ofPart({ studyId: of.studyId, part: of.part, modelHash: hash })
    cells.set(code, {
      modalities,
      cells: rows.map(({ patientCode, modality, cell, output }) => ({
        patientCode,
        modality,
        cell,
        value: valueOf(output),
        probabilities: output.kind === 'graded' ? output.probabilities : null,
      })),
    })
  }
  return cells
}

/** Abstaining is an answer: the cell counts as not assessable by the model, never as a grade. */
const valueOf = (output: PredictionOutput): CellValue =>
  output.kind === 'graded'
    ? { kind: 'graded', grade: output.grade }
    : { kind: 'not_assessable', reason: { code: 'other', text: output.reason } }
