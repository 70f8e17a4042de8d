import { CellFeature } from '@facetgrade/grading/feature'
import { Level, Side } from '@facetgrade/grading/joint'
import { Modality } from '@facetgrade/grading/modality'
import { Part } from '@facetgrade/grading/part'
import { z } from 'zod'
import { EvaluationRow } from './evaluation-row.ts'

const Count = z.int().nonnegative()
const Share = z.number().min(0).max(1)

/** Everyone who is judged, and the reference readers, who appear in agreement alone. */
export const EvaluationComparator = z.strictObject({
  /** Reader code, group name of a consensus, `J1~second` for a reader in a later round, or the model's id. */
  code: z.string().min(1),
  kind: z.enum(['model', 'reader', 'consensus', 'aided_reader', 'repeat_reader', 'reference_reader']),
  group: z.string().nullable(),
  round: z.string().nullable(),
  modelHash: z.string().nullable(),
})
export type EvaluationComparator = z.infer<typeof EvaluationComparator>

const Question = {
  comparator: z.string(),
  modality: Modality,
  referenceModality: Modality,
  feature: CellFeature,
}

/** Where the model's P(y >= cutGrade) becomes a call: positive at a probability above the threshold. Chosen on validation. */
export const OperatingPoint = z.strictObject({
  ...Question,
  cutGrade: z.int().min(1).max(4),
  rule: z.enum(['youden', 'sensitivity_at_least', 'specificity_at_least']),
  /** Null: validation has no pair of this question, or one class of truth only. */
  threshold: z.number().nullable(),
  /** On validation. */
  sensitivity: Share.nullable(),
  specificity: Share.nullable(),
  n: Count,
  patients: Count,
})
export type OperatingPoint = z.infer<typeof OperatingPoint>

/** Joints by reference grade (down) and comparator's grade (across), on the declared scales. */
const Confusion = z.strictObject({ ...Question, counts: z.array(z.array(Count)) })

const RocFigure = z.strictObject({
  ...Question,
  cutGrade: z.int(),
  score: z.enum(['grades', 'probability']),
  /** From (0, 0) to (1, 1). Grades have every point; a probability at most 200, collinear ones left out. */
  points: z.array(z.strictObject({ falsePositiveRate: Share, sensitivity: Share })),
  /**
   * Where the comparator works: the reader's call at the cut, the model's at its operating point; with the clustered
   * covariance of both rates, for a confidence region with `df` = patients less one. Null without a call.
   */
  at: z
    .strictObject({
      falsePositiveRate: Share,
      sensitivity: Share,
      varianceFalsePositiveRate: z.number().nonnegative(),
      varianceSensitivity: z.number().nonnegative(),
      covariance: z.number(),
      df: Count,
    })
    .nullable(),
})

const CalibrationFigure = z.strictObject({
  ...Question,
  cutGrade: z.int(),
  /** Ten equal bins, empty ones left out. */
  bins: z.array(z.strictObject({ from: Share, to: Share, n: Count, meanProbability: Share, shareOfPositives: Share })),
})

const DecisionFigure = z.strictObject({
  ...Question,
  cutGrade: z.int(),
  prevalence: Share,
  n: Count,
  /** Net benefit of acting on the model, on everyone; on no one it is 0. */
  points: z.array(z.strictObject({ threshold: Share, model: z.number(), all: z.number() })),
})

/** Grades of the reference, by part and level: how many joints have each grade, and how many have none. */
const Distribution = z.strictObject({
  part: Part,
  modality: Modality,
  feature: CellFeature,
  level: Level,
  counts: z.array(Count),
  notAssessable: Count,
  notGraded: Count,
})

const ReadingTime = z.strictObject({
  reader: z.string(),
  group: z.string(),
  round: z.string(),
  modality: Modality,
  /** In the reader's own order; seconds by the client's clock, idle time capped by the plan. */
  cases: z.array(z.strictObject({ position: z.int().positive(), seconds: z.number().nonnegative() })),
})

const GalleryItem = z.strictObject({
  comparator: z.string(),
  modality: Modality,
  feature: CellFeature,
  patientCode: z.string(),
  /** Whose image shows it. */
  examId: z.uuid().nullable(),
  level: Level,
  side: Side,
  reference: Count,
  answered: Count,
  /** Steps between them; answered above the reference is positive. */
  error: z.int(),
  /** One a grade; null for a reader. */
  probabilities: z.array(Share).nullable(),
})
export type GalleryItem = z.infer<typeof GalleryItem>

const Flow = z.strictObject({
  enrolled: Count,
  notScreened: Count,
  excluded: z.array(z.strictObject({ criterion: z.string(), patients: Count })),
  /** Patients excluded; one may have several criteria. */
  excludedPatients: Count,
  eligible: Count,
  parts: z.array(z.strictObject({ part: Part, patients: Count, withdrawn: Count })),
  /** Of the test part. */
  analysed: z.array(z.strictObject({ modality: Modality, patients: Count, joints: Count, jointsWithReference: Count })),
})
export type Flow = z.infer<typeof Flow>

const Column = z.enum(['train', 'validation', 'test'])
const TableOneRow = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('number'),
    variable: z.string(),
    unit: z.string().nullable(),
    parts: z.array(
      z.strictObject({
        part: Column,
        n: Count,
        missing: Count,
        mean: z.number().nullable(),
        sd: z.number().nullable(),
        median: z.number().nullable(),
        lowerQuartile: z.number().nullable(),
        upperQuartile: z.number().nullable(),
      }),
    ),
    smd: z.strictObject({ trainValidation: z.number().nullable(), trainTest: z.number().nullable() }),
  }),
  z.strictObject({
    kind: z.literal('category'),
    variable: z.string(),
    values: z.array(z.string()),
    /** Counts in the order of `values`. */
    parts: z.array(z.strictObject({ part: Column, n: Count, missing: Count, counts: z.array(Count) })),
    smd: z.strictObject({ trainValidation: z.number().nullable(), trainTest: z.number().nullable() }),
  }),
])
export type TableOneRow = z.infer<typeof TableOneRow>

/**
 * Everything that an evaluation says: screens, report, CSV and bundle show these numbers and compute none. `rows` hold
 * every estimate in the result contract; the figures hold what is drawn beside them.
 */
export const EvaluationDocument = z.strictObject({
  format: z.literal('facetgrade-evaluation/2'),
  /** `test`: the sealed part after an unsealing. `simulated`: a dry run on made-up grades, which says nothing about the study. */
  data: z.enum(['test', 'simulated']),
  /** Real patients, or a study marked demo or synthetic. */
  studyKind: z.enum(['real', 'demo', 'synthetic']),
  level: z.number(),
  comparators: z.array(EvaluationComparator),
  operatingPoints: z.array(OperatingPoint),
  bootstrap: z.strictObject({
    seed: z.int(),
    replicates: z.int(),
    generator: z.string(),
    kind: z.enum(['percentile', 'bca']),
    undefinedAtMost: z.number(),
    /** The resampled patients: column k of the resample matrix (`resampleCounts`) is patients[k]. */
    patients: z.array(z.string()),
  }),
  rows: z.array(EvaluationRow),
  confusion: z.array(Confusion),
  roc: z.array(RocFigure),
  calibration: z.array(CalibrationFigure),
  decisionCurves: z.array(DecisionFigure),
  distributions: z.array(Distribution),
  readingTimes: z.array(ReadingTime),
  gallery: z.array(GalleryItem),
  flow: Flow,
  tableOne: z.array(TableOneRow),
})
export type EvaluationDocument = z.infer<typeof EvaluationDocument>
