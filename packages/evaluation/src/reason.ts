import { z } from 'zod'

/** Why an estimate, or the interval of an estimate that stands, is null. A closed list: screens translate it. */
export const Reason = z.enum([
  'no_units',
  'no_positives',
  'no_negatives',
  'zero_denominator',
  'one_category',
  'scales_differ',
  'one_patient',
  'too_few_patients',
  'one_unit_in_class',
  'zero_variance',
  'negative_variance',
  'too_few_readers',
  'incomplete_crossing',
  'undefined_replicates',
  'not_converged',
  'not_reachable',
  'one_class',
  'suppressed',
  'no_operating_point',
  'no_predictions',
])
export type Reason = z.infer<typeof Reason>

/** What a reader of a number must know before trusting it. */
export const Flag = z.enum([
  'degenerate_variance',
  'few_clusters',
  'one_class',
  'zero_denominator',
  'unused_category',
  'negative_variance',
  'wald_out_of_range',
  'not_converged',
])
export type Flag = z.infer<typeof Flag>
