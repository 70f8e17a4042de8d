import { z } from 'zod'

/** What an evaluation estimates; the binary ones at the protocol's cutGrade. */
export const Metric = z.enum([
  'accuracy',
  'precision',
  'sensitivity',
  'specificity',
  'f1',
  'auc',
  'weighted_kappa',
  'exact_agreement',
  'gwet_ac2',
])
export type Metric = z.infer<typeof Metric>
