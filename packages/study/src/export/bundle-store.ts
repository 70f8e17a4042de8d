import type { Json } from '../audit/audit-store.ts'

export type BundleState = 'building' | 'ready' | 'failed'

export type BundleRow = {
  readonly bundleId: string
  /** 1 for the study's first. */
  readonly ordinal: number
  readonly isBlinded: boolean
  readonly requestedBy: string
  readonly requestedAt: string
  readonly state: BundleState
  readonly donePatients: number
  /** Null: not counted yet. */
  readonly allPatients: number | null
  readonly failureCode: string | null
  /** SHA-256 of the manifest: the same content has the same. */
  readonly contentHash: string | null
  readonly bytes: number | null
  readonly finishedAt: string | null
}
/** The manifest is parsed by the use cases: `bundle` owns its format, `db` only keeps it. */
export type StoredBundle = BundleRow & { readonly memberId: string; readonly manifest: unknown }

export type BundleStore = {
  create(bundle: { studyId: string; isBlinded: boolean; memberId: string; requestedBy: string }): Promise<BundleRow>
  /** Newest first. */
  list(studyId: string, page: { before: number | undefined; limit: number }): Promise<readonly BundleRow[]>
  find(bundleId: string): Promise<StoredBundle | undefined>
  /** System role. */
  progress(bundleId: string, at: { done: number; all: number }): Promise<void>
  /** System role; nothing changes it afterwards. */
  finish(bundleId: string, result: { contentHash: string; manifest: Json; bytes: number }): Promise<void>
  /** System role. */
  fail(bundleId: string, code: string): Promise<void>
}
