import type { JobName, JobPayload } from '@facetgrade/jobs/catalog'

/** Enqueues in the caller's transaction: the job exists exactly when the change that asked for it does. */
export type JobQueue = {
  enqueue<N extends JobName>(name: N, payload: JobPayload<N>): Promise<void>
  /** Many of one kind at once. */
  enqueueAll<N extends JobName>(name: N, payloads: readonly JobPayload<N>[]): Promise<void>
}
