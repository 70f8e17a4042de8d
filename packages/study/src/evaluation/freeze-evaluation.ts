import { type AnalysisPlan, readAnalysisPlan } from '@facetgrade/evaluation/analysis-plan'
import type { Json } from '../audit/audit-store.ts'
import { checkComparators } from '../plan/create-plan.ts'
import type { StoredPlan } from '../plan/plan-store.ts'
import type { ProtocolVersion } from '../protocol/protocol-store.ts'
import { firstRound } from '../reference/first-round.ts'
import type { ReferenceVersion } from '../reference/reference-store.ts'
import type { Stores } from '../stores.ts'
import { StudyError } from '../study-error.ts'
import type { Unsealing } from '../unsealing/unsealing-store.ts'

/** What an evaluation stands on, each by its hash, so that a result can be traced and made again. */
export type Frozen = {
  readonly plan: StoredPlan
  readonly unsealing: Unsealing
  readonly protocol: ProtocolVersion
  readonly reference: ReferenceVersion
  readonly sealHash: string
}

/**
 * Everything that must hold before the test part is evaluated, checked when it is ordered and again when its job begins.
 *
 * @param planId  absent: the plan of the latest unsealing
 * @throws {StudyError} NOT_UNSEALED, PLAN_NOT_LOCKED, REFERENCE_MISSING, REFERENCE_STALE, SPLIT_NOT_SEALED,
 *   REFERENCE_READER_COMPARED, ADJUDICATION_OPEN
 */
export async function freezeEvaluation(
  stores: Stores,
  { studyId, planId }: { studyId: string; planId: string | undefined },
): Promise<Frozen & { document: AnalysisPlan }> {
  const unsealings = await stores.unsealing.list(studyId)
  const wanted = planId ?? unsealings.at(-1)?.planId
  if (wanted === undefined) throw new StudyError('NOT_UNSEALED')
  const plan = await stores.plan.find(wanted)
  if (!plan) throw new StudyError('NOT_FOUND')
  if (!plan.lock) throw new StudyError('PLAN_NOT_LOCKED')
  const unsealing = unsealings.findLast((candidate) => candidate.planId === wanted)
  if (!unsealing) throw new StudyError('NOT_UNSEALED')
  const reference = await stores.reference.latest(studyId)
  if (!reference) throw new StudyError('REFERENCE_MISSING')
  if (reference.isStale) throw new StudyError('REFERENCE_STALE', { version: reference.version })
  const sealHash = await stores.unsealing.sealHash(studyId)
  if (!sealHash) throw new StudyError('SPLIT_NOT_SEALED')
  const protocol = await stores.protocol.latest(studyId)
  const document = readAnalysisPlan(plan.document)
  checkComparators(document, protocol.protocol)
  const adjudications = await stores.evaluation.openAdjudications({ studyId, round: firstRound(protocol.protocol) })
  if (adjudications > 0) throw new StudyError('ADJUDICATION_OPEN', { cases: adjudications })
  return { plan, unsealing, reference, sealHash, protocol, document }
}

export function frozenInputs({ plan, unsealing, protocol, reference, sealHash }: Frozen): { [key: string]: Json } {
  return {
    plan: { planId: plan.planId, version: plan.version, hash: plan.hash },
    unsealing: { unsealingId: unsealing.unsealingId, ordinal: unsealing.ordinal },
    protocol: { version: protocol.version, hash: protocol.hash },
    reference: { referenceId: reference.referenceId, version: reference.version, hash: reference.hash },
    sealHash,
    round: firstRound(protocol.protocol),
  }
}
