import { AnalysisPlan } from '@facetgrade/evaluation/analysis-plan'
import type { EvaluationDocument } from '@facetgrade/evaluation/evaluation-document'
import type { Protocol } from '@facetgrade/grading/protocol'
import { EvaluationInputs } from '../evaluation/evaluation-inputs.ts'
import { evaluationDocument } from '../evaluation/evaluation-results.ts'
import { actorIn, type RequestContext } from '../procedure.ts'
import { StudyError } from '../study-error.ts'

const REPORT_ROLES = ['statistician', 'investigator'] as const

type Versioned = { readonly version: number; readonly hash: string }

/** An evaluation with all that it stands on: what a report or a figure of it is made from. */
export type ReportMaterial = {
  readonly document: EvaluationDocument
  readonly protocol: Protocol
  readonly plan: AnalysisPlan
  readonly context: {
    readonly studyCode: string
    readonly evaluationId: string
    readonly resultHash: string
    readonly createdAt: string
    readonly protocol: Versioned
    readonly plan: Versioned & { readonly lockedAt: string | null; readonly isLockedLate: boolean }
    readonly opening: {
      readonly ordinal: number
      readonly total: number
      readonly at: string
      readonly reason: string
    } | null
    readonly reference: Versioned
    readonly sealHash: string
  }
}

/**
 * Loads an evaluation (`latest`, or one by id) for a file of it, and leaves a row in the trail with the file's name.
 *
 * @throws {StudyError} NOT_FOUND for a study that is not the caller's and for an evaluation that there is not
 */
export async function reportMaterial(
  ctx: RequestContext,
  of: { readonly studyCode: string; readonly evaluationId: string; readonly file: string },
): Promise<ReportMaterial> {
  const { session } = ctx
  if (!session) throw new StudyError('SIGNED_OUT')
  if (!session.hasSecondFactor) throw new StudyError('SECOND_FACTOR_REQUIRED')
  const actor = await actorIn(ctx, session, of.studyCode, REPORT_ROLES)
  const { studyId } = actor
  return ctx.open(actor, async ({ stores }) => {
    const [latest] = of.evaluationId === 'latest' ? await stores.evaluation.list(studyId) : []
    const id = of.evaluationId === 'latest' ? latest?.evaluationId : of.evaluationId
    const found = id === undefined ? undefined : await stores.evaluation.find(id)
    if (!found) throw new StudyError('NOT_FOUND')
    const inputs = EvaluationInputs.parse(found.inputs)
    const plan = await stores.plan.find(inputs.plan.planId)
    const protocol = await stores.protocol.find(studyId, inputs.protocol.version)
    if (!plan || !protocol) throw new StudyError('NOT_FOUND')
    const openings = await stores.unsealing.list(studyId)
    const opening = openings.find(({ unsealingId }) => unsealingId === inputs.unsealing.unsealingId)
    const { evaluationId, resultHash, createdAt } = found
    await stores.audit.write({
      action: 'report.downloaded',
      object: 'Evaluation',
      objectId: evaluationId,
      new: { file: of.file, resultHash },
    })
    return {
      document: evaluationDocument(found.results, undefined),
      protocol: protocol.protocol,
      plan: AnalysisPlan.parse(plan.document),
      context: {
        studyCode: of.studyCode,
        evaluationId,
        resultHash,
        createdAt,
        protocol: inputs.protocol,
        plan: {
          version: plan.version,
          hash: plan.hash,
          lockedAt: plan.lock?.lockedAt ?? null,
          isLockedLate: plan.lock?.isAfterUnsealing ?? false,
        },
        opening: opening
          ? { ordinal: opening.ordinal, total: openings.length, at: opening.unsealedAt, reason: opening.reason }
          : null,
        reference: { version: inputs.reference.version, hash: inputs.reference.hash },
        sealHash: inputs.sealHash,
      },
    }
  })
}
