import type { Modality } from '@facetgrade/grading/modality'
import type { Part } from '@facetgrade/grading/part'
import type { Protocol } from '@facetgrade/grading/protocol'
import { indexExam } from '../assignments/index-exam.ts'
import type { OpenWall, StudyActor } from '../procedure.ts'
import { StudyError } from '../study-error.ts'
import { evaluationFitness } from './evaluation-fitness.ts'
import type { RunCandidate } from './model-run-store.ts'
import type { StoredModel } from './model-store.ts'

type Context = Pick<OpenWall, 'stores' | 'asSystem' | 'queue'> & { actor: StudyActor }

/** What a run would take, and what it would leave out and why. */
export type RunPlan = {
  readonly exams: readonly RunCandidate[]
  readonly patients: number
  /** Of the exams: without published points every joint of them is an abstention. */
  readonly withoutPoints: number
  /** Patients whose levels nobody has numbered yet. */
  readonly withoutNumbering: number
}

export type PredictionOrder = { modelId: string; parts: readonly Part[]; patientCode?: string | undefined }

/** What ordering predictions would do now. Refused as the order itself would be. */
export async function planPredictions(
  ctx: Pick<Context, 'stores' | 'asSystem' | 'actor'>,
  order: PredictionOrder,
): Promise<{ plan: RunPlan; model: StoredModel; parts: readonly Part[]; planId: string | null }> {
  const { studyId, role } = ctx.actor
  const model = await runnable(ctx, order.modelId, 'grader')
  const candidates = await candidatesFor(ctx, model, order.patientCode)
  // The modeller knows of no test patient: one's own and an absent one look alike.
  const known = role === 'modeller' ? candidates.filter(({ part }) => part !== 'test') : candidates
  if (order.patientCode !== undefined && known.length === 0) throw new StudyError('NOT_FOUND')
  const parts = order.patientCode === undefined ? order.parts : partsOf(known)
  if (parts.length === 0 || known.every(({ part }) => part === null)) throw new StudyError('SPLIT_NOT_SEALED')
  const planId = parts.includes('test') ? await testAllowed(ctx, model) : null
  const taken = known.filter(({ part }) => part !== null && parts.includes(part))
  const { protocol } = await ctx.stores.protocol.latest(studyId)
  return { plan: planOf(protocol, taken), model, parts, planId }
}

/**
 * Orders a grader's predictions: one job an exam, in the same transaction as the order. Training and validation part: the
 * modeller or the investigator. Test part: the investigator alone, once an analysis plan is locked; what comes out stays
 * hidden until the unsealing.
 */
export async function orderPredictions(
  ctx: Context,
  order: PredictionOrder,
): Promise<{ runId: string; exams: number }> {
  const { plan, model, parts, planId } = await planPredictions(ctx, order)
  return enqueueRun(ctx, {
    model,
    purpose: 'predict',
    scope: order.patientCode === undefined ? 'study' : 'case',
    parts,
    planId,
    exams: plan.exams,
  })
}

/** Orders a localiser's proposals of points, on every patient or on one; a place is no grade, so no part limits it. */
export async function orderPoints(
  ctx: Context,
  { modelId, patientCode }: { modelId: string; patientCode?: string | undefined },
): Promise<{ runId: string; exams: number }> {
  const model = await runnable(ctx, modelId, 'localiser')
  const candidates = await candidatesFor(ctx, model, patientCode)
  if (patientCode !== undefined && candidates.length === 0) throw new StudyError('NOT_FOUND')
  const { protocol } = await ctx.stores.protocol.latest(ctx.actor.studyId)
  return enqueueRun(ctx, {
    model,
    purpose: 'propose_points',
    scope: patientCode === undefined ? 'study' : 'case',
    parts: [],
    planId: null,
    exams: chosenExams(protocol, candidates),
  })
}

async function runnable(
  { asSystem, actor }: Pick<Context, 'asSystem' | 'actor'>,
  modelId: string,
  kind: StoredModel['kind'],
): Promise<StoredModel> {
  // A coordinator orders points and sees no model's row; the study of the wall still bounds what is found.
  const model = await asSystem(({ models }) => models.find(modelId))
  if (!model) throw new StudyError('NOT_FOUND')
  if (model.state !== 'registered') throw new StudyError('MODEL_REFUSED')
  if (model.kind !== kind) throw new StudyError('MODEL_KIND_WRONG', { kind: model.kind ?? '', role: actor.role })
  return model
}

/** @returns the locked plan under which the run is made */
async function testAllowed(
  { stores, asSystem, actor }: Pick<Context, 'stores' | 'asSystem' | 'actor'>,
  model: StoredModel,
) {
  if (actor.role !== 'investigator') throw new StudyError('NOT_ALLOWED')
  const locked = (await stores.plan.list(actor.studyId)).find(({ lock }) => lock !== null)
  if (!locked) throw new StudyError('PLAN_NOT_LOCKED')
  const fitness = await asSystem((system) => evaluationFitness(system, { modelId: model.modelId, part: 'test' }))
  if (!fitness.fit) throw new StudyError('MODEL_SAW_TEST', { patients: fitness.patients })
  return locked.planId
}

async function candidatesFor(
  { asSystem, actor }: Pick<Context, 'asSystem' | 'actor'>,
  model: StoredModel,
  patientCode: string | undefined,
): Promise<RunCandidate[]> {
  const candidates = await asSystem(({ modelRuns }) => modelRuns.candidates(actor.studyId))
  return candidates.filter(
    (candidate) =>
      model.modalities.includes(candidate.modality) &&
      (patientCode === undefined || candidate.patientCode === patientCode),
  )
}

const partsOf = (candidates: readonly RunCandidate[]): Part[] => [
  ...new Set(candidates.flatMap(({ part }) => (part === null ? [] : [part]))),
]

function planOf(protocol: Protocol, candidates: readonly RunCandidate[]): RunPlan {
  const exams = chosenExams(
    protocol,
    candidates.filter(({ hasNumbering }) => hasNumbering),
  )
  const unnumbered = candidates.filter(({ hasNumbering }) => !hasNumbering)
  return {
    exams,
    patients: new Set(exams.map(({ patientId }) => patientId)).size,
    withoutPoints: exams.filter(({ hasPoints }) => !hasPoints).length,
    withoutNumbering: new Set(unnumbered.map(({ patientId }) => patientId)).size,
  }
}

/** One exam a patient and modality: the one that readers were given, else the one that the protocol's rule picks. */
function chosenExams(protocol: Protocol, candidates: readonly RunCandidate[]): RunCandidate[] {
  const groups = Map.groupBy(candidates, ({ patientId, modality }) => `${patientId}/${modality}`)
  return [...groups.values()].flatMap((exams) => {
    const [first] = exams
    const assigned = exams.find(({ isAssigned }) => isAssigned)
    const modality: Modality | undefined = first?.modality
    const picked = modality && indexExam(protocol, exams, modality)
    return assigned ?? exams.find(({ examId }) => examId === picked?.examId) ?? []
  })
}

async function enqueueRun(
  { stores, queue, actor }: Context,
  order: {
    model: StoredModel
    purpose: 'predict' | 'propose_points'
    scope: 'study' | 'case'
    parts: readonly Part[]
    planId: string | null
    exams: readonly RunCandidate[]
  },
): Promise<{ runId: string; exams: number }> {
  const { model, purpose, scope, parts, planId, exams } = order
  const { studyId, userId } = actor
  if (exams.length === 0) throw new StudyError('RUN_EMPTY')
  const runId = await stores.modelRuns.create({
    studyId,
    modelId: model.modelId,
    purpose,
    scope,
    parts,
    planId,
    requestedBy: userId,
    exams: exams.map(({ examId, patientId, modality }) => ({ examId, patientId, modality })),
  })
  await queue.enqueueAll(
    'exam.infer',
    exams.map(({ examId }) => ({ studyId, runId, examId })),
  )
  await stores.audit.write({
    action: 'run.ordered',
    object: 'ModelRun',
    objectId: runId,
    new: { modelHash: model.hash, purpose, scope, parts: [...parts], planId, exams: exams.length },
  })
  return { runId, exams: exams.length }
}
