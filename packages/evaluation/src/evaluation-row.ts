import { CellFeature } from '@facetgrade/grading/feature'
import { Modality } from '@facetgrade/grading/modality'
import { z } from 'zod'
import { Result } from './result.ts'

/** What a row answers. docs/methods.md lists the keys and the estimator of each. */
export const Analysis = z.enum([
  /** A comparator against the reference at the protocol's cutGrade, and on the grades. */
  'performance',
  /** The same metrics once more, with the interval of the cluster bootstrap. */
  'performance_bootstrap',
  /** Precision, recall, F1 of each grade; macro means, balanced accuracy, Matthews' correlation, error in grades. */
  'grades',
  /** AUC at every cut, Hand and Till's M, concordance index, ranked probability score. */
  'discrimination',
  /** The model's P(y >= cut) at every cut. */
  'calibration',
  /** Model less reader (or less a group's consensus) on the same joints. */
  'model_vs_reader',
  /** Model less the mean of a panel of readers, fixed readers first, then readers like these. */
  'model_vs_panel',
  /** Aided less unaided round of the same readers on the same cases: each reader, then the panel. */
  'aided_vs_unaided',
  /** A test of a declared family, with its margin and the adjusted p. */
  'hypothesis',
  /** Two raters with each other: first readings, no reference. */
  'agreement_pair',
  /** All readers of a group, or all readers, with each other. */
  'agreement_group',
  /** A reader with himself: first against repeat round. */
  'agreement_intra',
  /** The reference readers before their consensus, and the share of cells that went to adjudication. */
  'agreement_before_consensus',
  /** Agreement within one group less agreement within another. */
  'agreement_difference',
  /** Seconds a case by reader and modality, and how they change along the reader's order. */
  'reading_time',
  /** Performance in a subgroup of patients, exams or joints. */
  'subgroup',
  /** Do the subgroups of one variable differ? */
  'interaction',
  /** One verdict a patient: any joint at the cut or above. */
  'patient_level',
])
export type Analysis = z.infer<typeof Analysis>

export const EvaluationMetric = z.enum([
  'accuracy',
  'precision',
  'sensitivity',
  'specificity',
  'f1',
  'auc',
  'weighted_kappa',
  'exact_agreement',
  'gwet_ac2',
  'class_precision',
  'class_recall',
  'class_f1',
  'macro_precision',
  'macro_recall',
  'macro_f1',
  'balanced_accuracy',
  'mcc',
  'mean_absolute_error',
  'within_one_grade',
  'hand_till',
  'c_index',
  'rps',
  'brier',
  'calibration_in_the_large',
  'calibration_intercept',
  'calibration_slope',
  'ece',
  'conger_kappa',
  'krippendorff_alpha',
  'adjudicated_share',
  'seconds_median',
  'seconds_lower_quartile',
  'seconds_upper_quartile',
  'seconds_trend',
])
export type EvaluationMetric = z.infer<typeof EvaluationMetric>

/**
 * What the comparator is judged by. `grades`: its ordinal grades (a reader's ROC has three interior points; the model's grade is
 * the number of cut-offs with P >= .5). `probability`: the model's P(y >= cut), or its expected grade. `operating_point`: the
 * model's call at the threshold frozen on validation. Two compared raters are always judged by the same.
 */
export const Score = z.enum(['grades', 'probability', 'operating_point'])
export type Score = z.infer<typeof Score>

export const SubgroupVariable = z.enum([
  'sex',
  'age',
  'level',
  'side',
  'joint',
  'site',
  'scanner',
  'slice_thickness_mm',
])
export type SubgroupVariable = z.infer<typeof SubgroupVariable>

/** Key of a row: where its number belongs. `id` is made of all of it and names the row for ever. */
export const EvaluationRow = z.strictObject({
  id: z.string().min(1),
  analysis: Analysis,
  /** Code of a comparator, `J1+J2` for two raters, `panel:junior` or `panel:all` for several. */
  comparator: z.string().min(1),
  /** `reference`, another comparator's code, `panel:junior`; the round for `agreement_intra`; null where there is none. */
  against: z.string().min(1).nullable(),
  modality: Modality,
  /** Modality whose reference is the truth; null where no reference takes part. */
  referenceModality: Modality.nullable(),
  /** Null: not about a feature (reading time). */
  feature: CellFeature.nullable(),
  metric: EvaluationMetric,
  score: Score.nullable(),
  /** Truth is positive at grade >= cutGrade; null for metrics on all grades. */
  cutGrade: z.int().min(1).max(4).nullable(),
  /** The class of `class_*` metrics. */
  grade: z.int().min(0).max(4).nullable(),
  /** By `joint` the value is `L4L5-right`, by `age` `<50`, `50-64`, `>=65`. `interaction` rows have the value null. */
  subgroup: z.strictObject({ by: SubgroupVariable, value: z.string().nullable() }).nullable(),
  /** Null: the primary rule, open cells are out of the comparison. */
  missingRule: z.enum(['as_wrong', 'as_right', 'drop_patient']).nullable(),
  /** Of a `hypothesis`: what is tested; the margin of non-inferiority, null for a difference. */
  hypothesis: z
    .strictObject({
      kind: z.enum(['non_inferiority', 'superiority', 'difference']),
      margin: z.number().positive().nullable(),
      /** The row whose estimate is tested. */
      of: z.string(),
      /** At the family's level after adjustment; null where there is no p. */
      isRejected: z.boolean().nullable(),
    })
    .nullable(),
  result: Result,
})
export type EvaluationRow = z.infer<typeof EvaluationRow>
export type RowKey = Omit<EvaluationRow, 'id' | 'result'>

/** The same key gives the same id, in every evaluation. Fields that a row does not have are left out. */
export function rowId(key: RowKey, target: Result['target']): string {
  return [
    key.analysis,
    key.comparator,
    key.against ?? '-',
    key.referenceModality === null || key.referenceModality === key.modality
      ? key.modality
      : `${key.modality}>${key.referenceModality}`,
    key.feature ?? '-',
    key.metric,
    ...(key.score === null ? [] : [key.score]),
    ...(key.cutGrade === null ? [] : [`cut=${key.cutGrade}`]),
    ...(key.grade === null ? [] : [`grade=${key.grade}`]),
    ...(key.subgroup === null ? [] : [`${key.subgroup.by}=${key.subgroup.value ?? '*'}`]),
    ...(key.missingRule === null ? [] : [`missing=${key.missingRule}`]),
    ...(key.hypothesis === null ? [] : [key.hypothesis.kind]),
    ...(target === 'random_readers' ? ['random_readers'] : []),
  ].join('/')
}
