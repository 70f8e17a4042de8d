import { AnalysisPlan } from '@facetgrade/evaluation/analysis-plan'
import { canonicalJson } from '@facetgrade/grading/canonical-json'
import type { Protocol } from '@facetgrade/grading/protocol'
import { readerGroup } from '@facetgrade/grading/reader-groups'
import type { Json } from '../audit/audit-store.ts'
import type { OpenWall, StudyActor } from '../procedure.ts'
import { sha256 } from '../sha256.ts'
import { StudyError } from '../study-error.ts'
import type { PlanVersion } from './plan-store.ts'

/** Appends a version of the analysis plan after checking it against its format and against the study's protocol. */
export async function createPlan(
  ctx: Pick<OpenWall, 'stores'> & { actor: StudyActor },
  document: unknown,
): Promise<PlanVersion> {
  const { studyId, userId } = ctx.actor
  const parsed = AnalysisPlan.safeParse(document)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new StudyError('PLAN_INVALID', { problems: parsed.error.issues.length, path: issue?.path.join('.') ?? '' })
  }
  const { protocol } = await ctx.stores.protocol.latest(studyId)
  checkComparators(parsed.data, protocol)
  const json = JSON.parse(JSON.stringify(parsed.data)) as Json // a parsed plan is JSON by its schema
  const plan = await ctx.stores.plan.append({
    studyId,
    document: json,
    hash: sha256(canonicalJson(json)),
    createdBy: userId,
  })
  await ctx.stores.audit.write({
    action: 'plan.created',
    object: 'AnalysisPlan',
    objectId: plan.planId,
    new: { version: plan.version, hash: plan.hash },
  })
  return plan
}

/** Who set the reference is never compared with it. */
export function checkComparators(plan: Pick<AnalysisPlan, 'comparators' | 'families'>, protocol: Protocol): void {
  if (plan.families.some(({ comparison }) => comparison === 'junior_vs_senior')) {
    throw new StudyError('REFERENCE_READER_COMPARED')
  }
  for (const { group } of plan.comparators) {
    const rule = readerGroup(protocol, group)
    if (!rule) throw new StudyError('PLAN_INVALID', { problems: 1, path: 'comparators' })
    if (rule.role === 'reference') throw new StudyError('REFERENCE_READER_COMPARED')
  }
}
