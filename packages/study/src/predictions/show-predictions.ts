import type { CellValue } from '@facetgrade/grading/cell'
import { ProposedPoints } from '@facetgrade/grading/model-answer'
import type { PredictionOutput } from '@facetgrade/grading/prediction'
import { type Severity, severity } from '@facetgrade/grading/severity'
import type { OpenWall, StudyActor } from '../procedure.ts'
import { StudyError } from '../study-error.ts'
import type { CellPrediction, PointProposalRow, PredictionRecord } from './prediction-store.ts'

type Context = Pick<OpenWall, 'stores' | 'asSystem'> & { actor: StudyActor }

export type JointPredictions = {
  readonly level: CellPrediction['cell']['level']
  readonly side: CellPrediction['cell']['side']
  readonly features: readonly { readonly feature: string; readonly output: PredictionOutput }[]
  /** `direct`: the network's own head, null where it has none; `byRule`: derived from the features' grades when read. */
  readonly severity: { readonly direct: PredictionOutput | null; readonly byRule: Severity }
}

/** The model's computations that the actor may see: of the test part none before the unsealing, of it never the modeller. */
export async function listPredictions(
  { stores, actor }: Context,
  { modelId, after, limit }: { modelId: string; after: string | undefined; limit: number },
): Promise<{ rows: readonly PredictionRecord[]; next: string | null }> {
  const model = await stores.models.find(modelId)
  if (!model) throw new StudyError('NOT_FOUND')
  const rows = await stores.predictions.records(actor.studyId, { modelHash: model.hash, after, limit })
  return { rows, next: rows.length === limit ? (rows.at(-1)?.recordId ?? null) : null }
}

/** One exam's predictions, joint by joint. */
export async function showPredictions(
  { stores, actor }: Context,
  recordId: string,
): Promise<PredictionRecord & { joints: readonly JointPredictions[] }> {
  const record = await stores.predictions.record(recordId)
  if (!record) throw new StudyError('NOT_FOUND')
  const cells = await stores.predictions.cells(recordId)
  const { protocol } = await stores.protocol.latest(actor.studyId)
  const joints = Map.groupBy(cells, ({ cell }) => `${cell.level}-${cell.side}`)
  return {
    ...record,
    joints: [...joints.values()].flatMap((ofJoint) => {
      const [first] = ofJoint
      if (!first) return []
      const features = ofJoint.filter(({ cell }) => cell.feature !== 'severity')
      const values = Object.fromEntries(features.map(({ cell, output }) => [cell.feature, valueOf(output)]))
      return [
        {
          level: first.cell.level,
          side: first.cell.side,
          features: features.map(({ cell, output }) => ({ feature: cell.feature, output })),
          severity: {
            direct: ofJoint.find(({ cell }) => cell.feature === 'severity')?.output ?? null,
            byRule: severity(protocol, record.modality, values),
          },
        },
      ]
    }),
  }
}

/** An abstention is no grade: the rule gives an interval where it would need one. */
const valueOf = (output: PredictionOutput): CellValue =>
  output.kind === 'graded' ? { kind: 'graded', grade: output.grade } : { kind: 'not_graded' }

export async function listProposals(
  { stores, actor }: Context,
  page: { after: string | undefined; limit: number },
): Promise<{ rows: readonly PointProposalRow[]; next: string | null }> {
  const rows = await stores.predictions.proposals(actor.studyId, page)
  return { rows, next: rows.length === page.limit ? (rows.at(-1)?.proposalId ?? null) : null }
}

/** A localiser's proposal, for a coordinator to publish or not. */
export async function showProposal(
  { stores }: Pick<Context, 'stores'>,
  proposalId: string,
): Promise<PointProposalRow & { proposed: ProposedPoints }> {
  const found = await stores.predictions.proposal(proposalId)
  if (!found) throw new StudyError('NOT_FOUND')
  const { document, ...row } = found
  return { ...row, proposed: ProposedPoints.parse(document) }
}
