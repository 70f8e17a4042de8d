import { JOBS, type JobName, type JobPayload } from '@facetgrade/jobs/catalog'
import { deadLetter } from '@facetgrade/jobs/queue'
import type { Job, PgBoss } from 'pg-boss'
import { describeFailure } from './failure.ts'
import { HANDLERS, type Handler, type QueueGroup } from './handlers.ts'
import type { WorkerContext } from './worker-context.ts'

/** Two at once: one waits for the database or the disk while the other parses. */
const AT_ONCE = 2
const BATCH = 2

/** Takes jobs of these groups until the queue is stopped. A job that fails is tried again, here or elsewhere. */
export async function consume(boss: PgBoss, ctx: WorkerContext, groups: readonly QueueGroup[]): Promise<JobName[]> {
  const names = (Object.keys(HANDLERS) as JobName[]).filter((name) => groups.includes(HANDLERS[name].group))
  for (const name of names) await consumeJob(boss, ctx, name)
  return names
}

async function consumeJob<N extends JobName>(boss: PgBoss, ctx: WorkerContext, name: N): Promise<void> {
  const handler: Handler<N> = HANDLERS[name]
  const options = {
    batchSize: BATCH,
    burstWhenBatchFull: true,
    localConcurrency: AT_ONCE,
    pollingIntervalSeconds: 0.5,
    // The database says when a job comes; only one that waits to be tried again must be looked for.
    notifyPollingIntervalSeconds: 1,
    perJobResults: true,
  } as const
  await boss.work(name, options, (jobs) => settle(ctx, jobs, (payload: JobPayload<N>) => handler.run(ctx, payload)))
  const { giveUp } = handler
  if (giveUp) {
    await boss.work(
      deadLetter(name),
      { ...options, localConcurrency: 1, pollingIntervalSeconds: 5, notifyPollingIntervalSeconds: 5 },
      (jobs) => settle(ctx, jobs, (payload: JobPayload<N>) => giveUp(ctx, payload)),
    )
  }
}

type Settled = { id: string; status: 'completed' | 'failed'; output?: object }

/** Each job on its own: one that fails does not take its neighbour with it. */
async function settle<P>(
  ctx: WorkerContext,
  jobs: readonly Job<unknown>[],
  run: (payload: P) => Promise<void>,
): Promise<Settled[]> {
  const settled: Settled[] = []
  for (const job of jobs) {
    const name = job.name.replace(/\.dead$/, '') as JobName
    try {
      await run(JOBS[name].payload.parse(job.data) as P)
      settled.push({ id: job.id, status: 'completed' })
    } catch (error) {
      const failure = describeFailure(error)
      ctx.log.error({ job: job.id, name: job.name, attempt: job.retryCount + 1, failure }, 'job failed')
      settled.push({ id: job.id, status: 'failed', output: { failure: failure.name } })
    }
  }
  return settled
}
