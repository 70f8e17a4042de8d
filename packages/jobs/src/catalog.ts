import { z } from 'zod'

/** Every job: its payload (ids alone), how long it may take and how often it is tried. One line a job. */
export const JOBS = {
  /** Computes an ordered evaluation or dry run. */
  'evaluation.run': {
    payload: z.strictObject({ studyId: z.uuid(), runId: z.uuid() }),
    expireInSeconds: 3600,
    // What malformed data break once they break again: a second try is for a machine that died.
    retryLimit: 2,
  },
  /** Writes a statistician's bundle: every file of it from one moment of the study. */
  'bundle.build': {
    payload: z.strictObject({ studyId: z.uuid(), bundleId: z.uuid() }),
    expireInSeconds: 1800,
    retryLimit: 3,
  },
  /** Runs a model on one exam: a grader's predictions, or a localiser's proposal of points. */
  'exam.infer': {
    payload: z.strictObject({ studyId: z.uuid(), runId: z.uuid(), examId: z.uuid() }),
    expireInSeconds: 600,
    // Spread over about four minutes by the back-off: then a person looks at it.
    retryLimit: 5,
  },
  /** Closes an import: judges the series that it touched and gives every file that never came its ledger line. */
  'import.complete': {
    payload: z.strictObject({ studyId: z.uuid(), importId: z.uuid() }),
    expireInSeconds: 900,
    retryLimit: 20,
  },
  /** Verifies and stores the files of one uploaded pack, a ledger line each. */
  'import.pack': {
    payload: z.strictObject({ studyId: z.uuid(), importId: z.uuid(), packIndex: z.int().nonnegative() }),
    expireInSeconds: 900,
    // Acknowledged files outlast a full disk or a database that is away for a quarter of an hour.
    retryLimit: 20,
  },
} as const satisfies Record<string, { payload: z.ZodType; expireInSeconds: number; retryLimit: number }>

export type JobName = keyof typeof JOBS
export type JobPayload<N extends JobName> = z.infer<(typeof JOBS)[N]['payload']>
