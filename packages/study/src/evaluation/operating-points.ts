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
 * reference moves them. What was kept first is what counts, whoever chose at the same moment. Under the system's wall.
 */
export async function frozenPoints(stores: Stores, of: Of): Promise<OperatingPoint[]> {
  const before = await stores.evaluationRuns.points(of.planId)
  const open = of.models.filter(({ hash }) => !before.some(({ modelHash }) => modelHash === hash))
  if (open.length > 0) await choose(stores, { ...of, models: open })
  const kept = open.length === 0 ? before : await stores.evaluationRuns.points(of.planId)
  return of.models.flatMap(({ code, hash }) =>
    kept
      .filter(({ modelHash }) => modelHash === hash)
      .map(({ document }) => ({ ...OperatingPoint.parse(document), comparator: code })),
  )
}

async function choose(stores: Stores, { studyId, planId, plan, protocol, referenceId, models }: Of): Promise<void> {
  const part = 'validation' as const
  const cases = await stores.evaluation.referenceCases({ referenceId, part })
  const reference = await stores.evaluation.referenceAnswers({ referenceId, part })
  for (const model of models) {
    const said = await modelCells(stores, { studyId, part, models: [model] })
    const cells = evaluationCells(protocol, cases, { reference, ratings: new Map(), models: said })
    const points = chooseOperatingPoints({ protocol, plan, model: model.code, cells })
    await stores.evaluationRuns.addPoints(
      { studyId, planId, modelHash: model.hash, referenceId },
      points.map((point) => ({ modality: point.modality, feature: point.feature, document: { ...point } as Json })),
    )
  }
}
