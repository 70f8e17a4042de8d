import { availableParallelism } from 'node:os'
import { bootstrapInWorkers } from '@facetgrade/evaluation/bootstrap/node-bootstrap-pool'
import type { JobPayload } from '@facetgrade/jobs/catalog'
import { failEvaluation, performEvaluation } from '@facetgrade/study/evaluation/perform-evaluation'
import type { WorkerContext } from '../worker-context.ts'

/** Computes an ordered evaluation, the resamples on every core of the machine. */
export const runEvaluation = (ctx: WorkerContext, place: JobPayload<'evaluation.run'>): Promise<void> =>
  performEvaluation(
    {
      asSystem: (work) => ctx.asSystemIn(place.studyId, ({ stores }) => work(stores)),
      resample: (job, of) => bootstrapInWorkers(job, { ...of, workers: availableParallelism() }),
    },
    place,
  )

/** After the last attempt: the person who ordered it sees that it failed. */
export const giveUpEvaluation = (ctx: WorkerContext, place: JobPayload<'evaluation.run'>): Promise<void> =>
  ctx.asSystemIn(place.studyId, ({ stores }) => failEvaluation(stores, place.runId, 'UNEXPECTED'))
