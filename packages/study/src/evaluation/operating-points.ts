import { chooseOperatingPoints } from '@facetgrade/evaluation/analysis/operating-points'
import type { AnalysisPlan } from '@facetgrade/evaluation/analysis-plan'
import { OperatingPoint } from '@facetgrade/evaluation/evaluation-document'
import type { Protocol } from '@facetgrade/grading/protocol'
import type { Json } from '../audit/audit-store.ts'
import type { Stores } from '../stores.ts'
import { evaluationCells } from './evaluation-cells.ts'
import { type JudgedModel, modelCells } from './judged-models.ts'

type Of = {
  readonly studyId: string
  readonly planId: string
  readonly plan: AnalysisPlan
  readonly protocol: Protocol
  readonly referenceId: string
  readonly models: readonly JudgedModel[]
}

/**
 * The models' thresholds under a plan: chosen once on validation by its rule and kept, so that neither a later run nor another
 * reference moves them. What was kept first is what counts, whoever chose at the same moment. A question of which validation
 * had nothing to choose from stays open, and is chosen when it has. Under the system's wall.
 */
export async function frozenPoints(stores: Stores, of: Of): Promise<OperatingPoint[]> {
  const part = 'validation' as const
  const cases = await stores.evaluation.referenceCases({ referenceId: of.referenceId, part })
  const reference = await stores.evaluation.referenceAnswers({ referenceId: of.referenceId, part })
  const points: OperatingPoint[] = []
  for (const model of of.models) {
    const said = await modelCells(stores, { studyId: of.studyId, part, models: [model] })
    const cells = evaluationCells(of.protocol, cases, { reference, ratings: new Map(), models: said })
    const chosen = chooseOperatingPoints({ protocol: of.protocol, plan: of.plan, model: model.code, cells })
    await keep(stores, of, { modelHash: model.hash, chosen })
    const kept = await keptPoints(stores, of.planId, model)
    points.push(...chosen.map((point) => kept.get(questionOf(point)) ?? point))
  }
  return points
}

const questionOf = ({ modality, feature }: OperatingPoint): string => `${modality}/${feature}`

async function keep(
  { evaluationRuns }: Stores,
  { studyId, planId, referenceId }: Of,
  { modelHash, chosen }: { modelHash: string; chosen: readonly OperatingPoint[] },
): Promise<void> {
  await evaluationRuns.addPoints(
    { studyId, planId, modelHash, referenceId },
    chosen
      .filter(({ threshold }) => threshold !== null)
      .map((point) => ({ modality: point.modality, feature: point.feature, document: { ...point } as Json })),
  )
}

async function keptPoints(
  { evaluationRuns }: Stores,
  planId: string,
  { hash, code }: JudgedModel,
): Promise<Map<string, OperatingPoint>> {
  const rows = (await evaluationRuns.points(planId)).filter(({ modelHash }) => modelHash === hash)
  const points = rows.map(({ document }) => ({ ...OperatingPoint.parse(document), comparator: code }))
  return new Map(points.map((point) => [questionOf(point), point]))
}
