import type { Part } from '@facetgrade/grading/part'
import type { OpenWall, StudyActor } from '../procedure.ts'
import { StudyError } from '../study-error.ts'
import type { ModelRow, PatientsPerPart, StoredModel } from './model-store.ts'

type Context = Pick<OpenWall, 'stores' | 'asSystem'> & { actor: StudyActor }

export type ShownModel = StoredModel & {
  /** Patients of this study of whom an image trained or validated the model; the modeller is told of no test patient. */
  readonly patientsSeen: PatientsPerPart | null
  /** It may not be judged on these parts, because it has seen patients of them. */
  readonly unfitFor: readonly Part[]
}

const PARTS = ['train', 'validation', 'test'] as const

/** Newest first; their names and how they were judged are no secret of anybody in the office. */
export const listModels = ({ asSystem, actor }: Pick<Context, 'asSystem' | 'actor'>): Promise<readonly ModelRow[]> =>
  asSystem(({ models }) => models.list(actor.studyId))

export async function showModel({ stores, asSystem, actor }: Context, modelId: string): Promise<ShownModel> {
  const model = await stores.models.find(modelId)
  if (!model) throw new StudyError('NOT_FOUND')
  if (model.state === 'refused') return { ...model, patientsSeen: null, unfitFor: [] }
  const seen = await asSystem(({ models }) => models.patientsSeen(modelId))
  // Trained on this study's own split: that it knows the training patients is what it is for.
  const unfitFor = PARTS.filter((part) => seen[part] > 0 && (model.isOtherData || part === 'test'))
  return { ...model, patientsSeen: actor.role === 'modeller' ? { ...seen, test: 0 } : seen, unfitFor }
}
