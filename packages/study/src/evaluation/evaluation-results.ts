import { Metric } from '@facetgrade/evaluation/metric'
import { Result } from '@facetgrade/evaluation/result'
import { CellFeature } from '@facetgrade/grading/feature'
import { Modality } from '@facetgrade/grading/modality'
import { z } from 'zod'

/** The stored results of a first evaluation: what firstEvaluation() returns, under a format name. */
export const EvaluationResults = z.strictObject({
  format: z.literal('facetgrade-evaluation/1'),
  rows: z.array(
    z.strictObject({
      comparator: z.string(),
      kind: z.enum(['reader', 'consensus']),
      modality: Modality,
      referenceModality: Modality,
      feature: CellFeature,
      metric: Metric,
      cutGrade: z.int().nullable(),
      result: Result,
    }),
  ),
  tables: z.array(
    z.strictObject({
      comparator: z.string(),
      modality: Modality,
      feature: CellFeature,
      confusion: z.array(z.array(z.int())),
    }),
  ),
})
export type EvaluationResults = z.infer<typeof EvaluationResults>
