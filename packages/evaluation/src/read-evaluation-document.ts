import { CellFeature } from '@facetgrade/grading/feature'
import { Modality } from '@facetgrade/grading/modality'
import { z } from 'zod'
import { EvaluationDocument } from './evaluation-document.ts'
import { type EvaluationRow, type RowKey, rowId } from './evaluation-row.ts'
import { Metric } from './metric.ts'
import { Result } from './result.ts'

/** The first format, of evaluations of readers alone, without figures. Read, never written. */
const FirstDocument = z.object({
  format: z.literal('facetgrade-evaluation/1'),
  rows: z.array(
    z.object({
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
    z.object({
      comparator: z.string(),
      modality: Modality,
      feature: CellFeature,
      confusion: z.array(z.array(z.int())),
    }),
  ),
})
type FirstDocument = z.infer<typeof FirstDocument>

/**
 * A stored evaluation of any format, as the present one: what the first did not have is empty, nothing is computed anew.
 *
 * @param studyKind  the study's, which the first format did not name
 * @throws {ZodError} when it is neither format
 */
export function readEvaluationDocument(
  stored: unknown,
  studyKind: EvaluationDocument['studyKind'],
): EvaluationDocument {
  const first = FirstDocument.safeParse(stored)
  return first.success ? fromFirst(first.data, studyKind) : EvaluationDocument.parse(stored)
}

function fromFirst({ rows, tables }: FirstDocument, studyKind: EvaluationDocument['studyKind']): EvaluationDocument {
  const comparators = new Map(rows.map(({ comparator, kind }) => [comparator, kind]))
  const level = rows[0]?.result.level ?? 0.95
  return {
    format: 'facetgrade-evaluation/2',
    data: 'test',
    studyKind,
    level,
    comparators: [...comparators].map(([code, kind]) => ({ code, kind, group: null, round: null, modelHash: null })),
    operatingPoints: [],
    bootstrap: { seed: 0, replicates: 0, generator: 'none', kind: 'percentile', undefinedAtMost: 0, patients: [] },
    rows: rows.map(({ comparator, modality, referenceModality, feature, metric, cutGrade, result }): EvaluationRow => {
      const key: RowKey = {
        comparator,
        modality,
        referenceModality,
        feature,
        metric,
        cutGrade,
        analysis: 'performance',
        against: 'reference',
        score: 'grades',
        grade: null,
        subgroup: null,
        missingRule: null,
        hypothesis: null,
      }
      return { id: rowId(key, result.target), ...key, result }
    }),
    confusion: tables.map(({ comparator, modality, feature, confusion }) => ({
      comparator,
      modality,
      referenceModality: modality,
      feature,
      counts: confusion,
    })),
    roc: [],
    calibration: [],
    decisionCurves: [],
    distributions: [],
    readingTimes: [],
    gallery: [],
    flow: { enrolled: 0, notScreened: 0, excluded: [], excludedPatients: 0, eligible: 0, parts: [], analysed: [] },
    tableOne: [],
  }
}
