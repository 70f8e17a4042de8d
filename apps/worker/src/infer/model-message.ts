import { ModelGrades, ProposedPoints } from '@facetgrade/grading/model-answer'
import { RunFailure } from '@facetgrade/grading/model-problem'
import type { ExamTask } from '@facetgrade/study/predictions/exam-task'
import { z } from 'zod'

export const ProviderChoice = z.enum(['auto', 'cuda', 'cpu'])
export type ProviderChoice = z.infer<typeof ProviderChoice>

/** What the worker tells a model's process: once what to hold, then one exam after the other. */
export type ToModel =
  | {
      kind: 'open'
      model: ExamTask['model']
      folders: { models: string; blobs: string }
      provider: ProviderChoice
      threads: number
    }
  | { kind: 'exam'; task: number; purpose: ExamTask['purpose']; exam: ExamTask['exam'] }

const Made = { elapsedMs: z.number().nonnegative() }

/** What it answers. */
export const FromModel = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('ready'),
    executionProvider: z.string().min(1),
    versions: z.record(z.string(), z.string()),
  }),
  z.strictObject({ kind: z.literal('refused'), failure: RunFailure, message: z.string() }),
  z.strictObject({ kind: z.literal('graded'), task: z.int(), grades: ModelGrades, ...Made }),
  z.strictObject({ kind: z.literal('proposed'), task: z.int(), proposed: ProposedPoints, ...Made }),
  z.strictObject({ kind: z.literal('failed'), task: z.int(), failure: RunFailure, message: z.string() }),
])
export type FromModel = z.infer<typeof FromModel>
