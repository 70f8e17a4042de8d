import type { ModelProblem } from '@facetgrade/grading/model-problem'
import type { Json } from '../audit/audit-store.ts'
import type { OpenWall, StudyActor } from '../procedure.ts'
import { StudyError } from '../study-error.ts'
import type { AllowedNetwork, ModelSummary, StoredModel } from './model-store.ts'

/** A model as the host has inspected it: what its files are, and everything that is wrong with them. */
export type InspectedModel = {
  /** SHA-256 of the canonical manifest; of its text where it could not be read. */
  readonly hash: string
  readonly summary: ModelSummary | null
  readonly manifest: Json | null
  readonly card: string
  readonly networks: readonly AllowedNetwork[]
  readonly pixelPrefixes: readonly string[]
  readonly problems: readonly ModelProblem[]
}

export const REGISTRARS = ['investigator', 'modeller'] as const

/**
 * Writes down what became of a model that was brought to the study. Without a problem its networks go on the allow-list,
 * and it is marked as other data unless the split seal that it names is this study's own. With one it is refused, and the
 * row says why. The same manifest registered again is the model that is there already.
 */
export async function registerModel(
  ctx: Pick<OpenWall, 'stores' | 'asSystem'> & { actor: StudyActor },
  inspected: InspectedModel,
): Promise<StoredModel> {
  const { stores, actor } = ctx
  const { studyId, userId } = actor
  const { summary, problems } = inspected
  const state = summary !== null && problems.length === 0 ? 'registered' : 'refused'
  const sealHash = await ctx.asSystem(({ unsealing }) => unsealing.sealHash(studyId))
  const modelId = await stores.models.add({
    ...inspected,
    studyId,
    state,
    isOtherData: summary === null || summary.splitSeal !== sealHash,
    registeredBy: userId,
  })
  const model =
    modelId === undefined ? await stores.models.registered(studyId, inspected.hash) : await stores.models.find(modelId)
  if (!model) throw new StudyError('NOT_FOUND')
  if (modelId !== undefined) {
    await stores.audit.write({
      action: `model.${state}`,
      object: 'Model',
      objectId: modelId,
      new: {
        hash: model.hash,
        slug: model.slug,
        isOtherData: model.isOtherData,
        problems: problems.map(({ code }) => code),
      },
    })
  }
  return model
}
