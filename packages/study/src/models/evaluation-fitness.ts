import type { Part } from '@facetgrade/grading/part'
import type { ModelStore } from './model-store.ts'

export type EvaluationFitness =
  | { readonly fit: true }
  /** Images of so many patients of that part were among those that trained or validated the model. */
  | { readonly fit: false; readonly reason: 'trained_on_its_patients'; readonly patients: number }

/**
 * Whether a model may be judged on a part of this study: not where it has seen one of its patients, by the pixels
 * themselves, whatever the patients were called elsewhere. Call it with the system's stores: of the test part no one else
 * sees the allocation before an unsealing. Asked anew each time, because images are imported after a model is registered.
 */
export async function evaluationFitness(
  stores: { readonly models: Pick<ModelStore, 'patientsSeen'> },
  { modelId, part }: { modelId: string; part: Part },
): Promise<EvaluationFitness> {
  const seen = await stores.models.patientsSeen(modelId)
  const patients = seen[part]
  return patients === 0 ? { fit: true } : { fit: false, reason: 'trained_on_its_patients', patients }
}
