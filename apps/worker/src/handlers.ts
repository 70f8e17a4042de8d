import type { JobName, JobPayload } from '@facetgrade/jobs/catalog'
import { completeImport } from '@facetgrade/study/imports/complete-import'
import { giveUpEvaluation, runEvaluation } from './evaluate/run-evaluation.ts'
import { buildBundleJob, giveUpBundle } from './export/build-bundle-job.ts'
import { giveUpPack, importPack } from './imports/import-pack.ts'
import { giveUpExam, inferExam } from './infer/infer-exam.ts'
import type { WorkerContext } from './worker-context.ts'

export const QUEUE_GROUPS = ['evaluate', 'export', 'import', 'infer'] as const
export type QueueGroup = (typeof QUEUE_GROUPS)[number]

export type Handler<N extends JobName> = {
  /** `--queues` picks the machines that take it. */
  group: QueueGroup
  run: (ctx: WorkerContext, payload: JobPayload<N>) => Promise<void>
  /** After the last attempt. Absent: the job stays in the dead letter for a person. */
  giveUp?: (ctx: WorkerContext, payload: JobPayload<N>) => Promise<void>
}

/** What does each job. One line a job, sorted. */
export const HANDLERS: { readonly [N in JobName]: Handler<N> } = {
  'bundle.build': { group: 'export', run: buildBundleJob, giveUp: giveUpBundle },
  'evaluation.run': { group: 'evaluate', run: runEvaluation, giveUp: giveUpEvaluation },
  'exam.infer': { group: 'infer', run: inferExam, giveUp: giveUpExam },
  'import.complete': {
    group: 'import',
    run: (ctx, payload) => ctx.asSystemIn(payload.studyId, ({ stores }) => completeImport(stores, payload)),
  },
  'import.pack': { group: 'import', run: importPack, giveUp: giveUpPack },
}
