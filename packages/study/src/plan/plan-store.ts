import type { Json } from '../audit/audit-store.ts'

export type PlanVersion = {
  readonly planId: string
  readonly version: number
  readonly hash: string
  readonly createdBy: string
  readonly createdAt: string
  /** Null: not locked. */
  readonly lock: { readonly lockedBy: string; readonly lockedAt: string; readonly isAfterUnsealing: boolean } | null
}
/** The document is parsed by the use cases: `evaluation` owns its format, `db` only keeps it. */
export type StoredPlan = PlanVersion & { readonly document: unknown }

export type PlanStore = {
  list(studyId: string): Promise<readonly PlanVersion[]>
  find(planId: string): Promise<StoredPlan | undefined>
  /** The next version. */
  append(plan: { studyId: string; document: Json; hash: string; createdBy: string }): Promise<PlanVersion>
  /** False when it was locked before. */
  lock(lock: { studyId: string; planId: string; lockedBy: string }): Promise<boolean>
}
