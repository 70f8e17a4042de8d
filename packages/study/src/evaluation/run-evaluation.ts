import { AnalysisPlan } from '@facetgrade/evaluation/analysis-plan'
import type { Comparator, EvaluationCell } from '@facetgrade/evaluation/comparator'
import { firstEvaluation } from '@facetgrade/evaluation/first-evaluation'
import { canonicalJson } from '@facetgrade/grading/canonical-json'
import type { Json } from '../audit/audit-store.ts'
import { checkComparators } from '../plan/create-plan.ts'
import type { StoredPlan } from '../plan/plan-store.ts'
import type { OpenWall, StudyActor } from '../procedure.ts'
import type { ProtocolVersion } from '../protocol/protocol-store.ts'
import { firstRound } from '../reference/first-round.ts'
import type { ReferenceVersion } from '../reference/reference-store.ts'
import { sha256 } from '../sha256.ts'
import { StudyError } from '../study-error.ts'
import type { Unsealing } from '../unsealing/unsealing-store.ts'
import { evaluationCells } from './evaluation-cells.ts'
import { EvaluationResults } from './evaluation-results.ts'
import type { CaseCell, EvaluationSummary } from './evaluation-store.ts'

type EvaluationContext = Pick<OpenWall, 'stores'> & { actor: StudyActor }

/** What an evaluation stands on, each by its hash, so that a result can be traced and made again. */
type Frozen = {
  readonly plan: StoredPlan
  readonly unsealing: Unsealing
  readonly protocol: ProtocolVersion
  readonly reference: ReferenceVersion
  readonly sealHash: string
}

/**
 * Runs the locked plan on the test part: each compared reader and each compared group's consensus against the reference.
 * Inputs are frozen by id and hash and stored with the results and their hash.
 *
 * @param planId  absent: the plan of the latest unsealing
 */
export async function runEvaluation(ctx: EvaluationContext, planId: string | undefined): Promise<EvaluationSummary> {
  const { stores, actor } = ctx
  const frozen = await freeze(ctx, planId)
  const plan = AnalysisPlan.parse(frozen.plan.document)
  const { protocol } = frozen.protocol
  checkComparators(plan, protocol)
  const round = firstRound(protocol)
  const adjudications = await stores.evaluation.openAdjudications({ studyId: actor.studyId, round })
  if (adjudications > 0) throw new StudyError('ADJUDICATION_OPEN', { cases: adjudications })
  const data = await gather(ctx, frozen, plan)
  const evaluation = firstEvaluation({ protocol, plan, comparators: data.comparators, cells: data.cells })
  const results = asJson(EvaluationResults.parse({ format: 'facetgrade-evaluation/1', ...evaluation }))
  const inputs = asJson({ ...inputsOf(frozen), round, ...data.inputs })
  const created = await stores.evaluation.create({
    studyId: actor.studyId,
    planId: frozen.plan.planId,
    unsealingId: frozen.unsealing.unsealingId,
    referenceId: frozen.reference.referenceId,
    inputs,
    inputHash: sha256(canonicalJson(inputs)),
    results,
    resultHash: sha256(canonicalJson(results)),
    createdBy: actor.userId,
  })
  await stores.audit.write({
    action: 'evaluation.run',
    object: 'Evaluation',
    objectId: created.evaluationId,
    new: { inputHash: created.inputHash, resultHash: created.resultHash, planVersion: created.planVersion },
  })
  return created
}

async function freeze({ stores, actor }: EvaluationContext, planId: string | undefined): Promise<Frozen> {
  const { studyId } = actor
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
  return { plan, unsealing, reference, sealHash, protocol: await stores.protocol.latest(studyId) }
}

type Gathered = {
  readonly comparators: readonly Comparator[]
  readonly cells: readonly EvaluationCell[]
  readonly inputs: { readonly [key: string]: Json }
}

async function gather({ stores, actor }: EvaluationContext, frozen: Frozen, plan: AnalysisPlan): Promise<Gathered> {
  const { protocol } = frozen.protocol
  const round = firstRound(protocol)
  const comparators: Comparator[] = []
  const ratings = new Map<string, readonly CaseCell[]>()
  const signatureIds: string[] = []
  const consensusIds: string[] = []
  for (const { group, readers, consensus } of plan.comparators) {
    const of = { studyId: actor.studyId, readerGroup: group, round }
    if (readers) {
      const answers = await stores.evaluation.signedAnswers(of)
      signatureIds.push(...answers.signatureIds)
      for (const code of await stores.evaluation.readerCodes(of)) {
        comparators.push({ code, kind: 'reader', group })
        ratings.set(
          code,
          answers.cells.filter(({ readerCode }) => readerCode === code),
        )
      }
    }
    if (consensus) {
      const answers = await stores.evaluation.consensusAnswers(of)
      consensusIds.push(...answers.consensusIds)
      comparators.push({ code: group, kind: 'consensus', group })
      ratings.set(group, answers.cells)
    }
  }
  const cases = await stores.evaluation.testCases({ studyId: actor.studyId, round })
  const reference = await stores.evaluation.referenceAnswers(frozen.reference.referenceId)
  const cells = evaluationCells(protocol, cases, { reference, ratings })
  return {
    comparators,
    cells,
    inputs: {
      comparators: comparators.map(({ code, kind, group }) => ({ code, kind, group })),
      signatureIds: signatureIds.toSorted(),
      consensusIds: consensusIds.toSorted(),
      patients: new Set(cases.map(({ patientCode }) => patientCode)).size,
      cells: cells.length,
      cellsHash: sha256(canonicalJson(cells)),
    },
  }
}

function inputsOf({ plan, unsealing, protocol, reference, sealHash }: Frozen): { [key: string]: Json } {
  return {
    plan: { planId: plan.planId, version: plan.version, hash: plan.hash },
    unsealing: { unsealingId: unsealing.unsealingId, ordinal: unsealing.ordinal },
    protocol: { version: protocol.version, hash: protocol.hash },
    reference: { referenceId: reference.referenceId, version: reference.version, hash: reference.hash },
    sealHash,
  }
}

/** What goes into the database is JSON and nothing else: undefined members are gone, as they are from its hash. */
const asJson = (document: object): Json => JSON.parse(JSON.stringify(document)) as Json
