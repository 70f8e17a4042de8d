import { type DemoPeople, proofOf } from './demo-people.ts'

const UNSEALING_REASON = 'First evaluation as planned; a demonstration on synthetic phantoms.'

/** Seals the split over whoever is eligible. A sealed split stays as it is. */
export async function sealSplit({ studyCode, investigator }: DemoPeople): Promise<void> {
  const { api } = investigator
  if ((await api.split.show.query({ studyCode })).state === 'sealed') return
  const { draw } = await api.split.preview.mutate({ studyCode })
  if (!draw) throw new Error('no patient of the demo is eligible')
  const { rosterHash, protocolVersion } = draw
  await api.split.seal.mutate({ studyCode, rosterHash, protocolVersion, proof: proofOf(investigator) })
}

/** Hands out what is not handed out yet. @returns cases handed out by this call */
export async function assignCases({ studyCode, investigator }: DemoPeople): Promise<number> {
  const { added } = await investigator.api.assignments.create.mutate({ studyCode })
  return added.reduce((sum, { cases }) => sum + cases, 0)
}

/** A reader leaves; their signed readings stand, and a successor is given what is open. */
export async function endReader({ studyCode, investigator }: DemoPeople, code: string, reason: string): Promise<void> {
  const members = await investigator.api.people.members.query({ studyCode, take: 200 })
  const standing = members.find(({ readerCode, endedAt }) => readerCode === code && endedAt === null)
  if (standing) await investigator.api.people.endMembership.mutate({ studyCode, memberId: standing.memberId, reason })
}

export async function deriveReference({ studyCode, investigator }: DemoPeople): Promise<void> {
  await investigator.api.reference.derive.mutate({ studyCode })
}

/** Locks the plan that ships, if none is locked. */
export async function lockPlan({ studyCode, statistician }: DemoPeople): Promise<{ planId: string }> {
  const { api } = statistician
  const standing = (await api.plan.list.query({ studyCode })).find(({ lock }) => lock !== null)
  if (standing) return { planId: standing.planId }
  const document = await api.plan.default.query({ studyCode })
  const { planId } = await api.plan.create.mutate({ studyCode, document })
  await api.plan.lock.mutate({ studyCode, planId })
  return { planId }
}

/** Opens the test part under the locked plan, once. */
export async function unseal({ studyCode, investigator }: DemoPeople, planId: string): Promise<void> {
  const before = await investigator.api.unsealing.list.query({ studyCode })
  if (before.length > 0) return
  await investigator.api.unsealing.create.mutate({ studyCode, planId, reason: UNSEALING_REASON })
}
