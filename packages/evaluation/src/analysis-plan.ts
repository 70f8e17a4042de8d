import { CellFeature } from '@facetgrade/grading/feature'
import { Modality } from '@facetgrade/grading/modality'
import { ReaderGroup } from '@facetgrade/grading/role'
import { z } from 'zod'
import { Metric } from './metric.ts'

/** Where the model's score becomes a call. Chosen on validation and frozen, never on the part that is reported. */
const OperatingPointRule = z.discriminatedUnion('rule', [
  z.strictObject({ rule: z.literal('youden'), chosenOn: z.literal('validation') }),
  z.strictObject({
    rule: z.literal('sensitivity_at_least'),
    chosenOn: z.literal('validation'),
    value: z.number().gt(0).lt(1),
  }),
  z.strictObject({
    rule: z.literal('specificity_at_least'),
    chosenOn: z.literal('validation'),
    value: z.number().gt(0).lt(1),
  }),
])

const IntervalMethod = z.strictObject({
  level: z.number().gt(0).lt(1),
  samplingUnit: z.literal('patient'),
  /** Linearisation with t on patients less one; on the logit scale for proportions where the plan says so. */
  proportions: z.enum(['linearised_t', 'linearised_logit_t']),
  kappa: z.literal('linearised_t'),
  auc: z.enum(['obuchowski_z', 'obuchowski_t', 'obuchowski_logit_t']),
  bootstrap: z.strictObject({
    replicates: z.int().min(200).max(100_000),
    kind: z.enum(['percentile', 'bca']),
    seed: z.int().min(0).max(0xffff_ffff),
    /** Above this share of undefined replicates there is no interval. */
    undefinedAtMost: z.number().min(0).max(0.05),
  }),
})

/** Model less comparator must not fall to -margin or below. Margins are absolute differences of the metric. */
const Margin = z.strictObject({
  metric: Metric,
  comparison: z.enum(['model_vs_reader', 'model_vs_panel']),
  margin: z.number().gt(0).lt(1),
})

/** Hypotheses adjusted together, named before the test part is opened. A pair that the protocol does not ask is not in it. */
const Family = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/),
  hypothesis: z.enum(['non_inferiority', 'superiority', 'difference']),
  comparison: z.enum(['model_vs_reader', 'model_vs_panel', 'aided_vs_unaided', 'junior_vs_senior']),
  metrics: z.array(Metric).min(1),
  modalities: z.array(Modality).min(1),
  features: z.array(CellFeature).min(1),
  /** Holm for what is claimed; Benjamini–Hochberg only for a screen that is labelled exploratory. */
  adjust: z.enum(['holm', 'benjamini_hochberg_exploratory']),
  level: z.number().gt(0).lt(1),
})

const Subgroup = z.discriminatedUnion('by', [
  z.strictObject({ by: z.enum(['sex', 'level', 'side', 'site', 'scanner']) }),
  z.strictObject({ by: z.literal('age'), from: z.array(z.int().min(1).max(90)).min(1).max(9) }),
  z.strictObject({ by: z.literal('slice_thickness_mm'), from: z.array(z.number().positive()).min(1).max(9) }),
])

const MissingRule = z.strictObject({
  /** A cell that the rater or the reference leaves open is out of that comparison, counted and shown. */
  primary: z.literal('exclude_cell'),
  /** Second lines: open cells as wrong, as right, or every patient with one left out. */
  sensitivity: z.array(z.enum(['as_wrong', 'as_right', 'drop_patient'])),
  severityInterval: z.literal('missing'),
})

const shape = z.strictObject({
  /** Name of this format; a later, different one gets another number. */
  format: z.literal('facetgrade-analysis-plan/1'),
  /** Raters judged against the reference, by the protocol's groups: each reader, and the group's consensus. */
  comparators: z.array(z.strictObject({ group: ReaderGroup, readers: z.boolean(), consensus: z.boolean() })).min(1),
  /** Metrics beside the protocol's endpoints, reported without a hypothesis. */
  metricsBeside: z.array(Metric),
  kappaWeights: z.enum(['unweighted', 'linear', 'quadratic']),
  operatingPoint: OperatingPointRule,
  interval: IntervalMethod,
  margins: z.array(Margin),
  families: z.array(Family),
  /** Fixed readers first: with two readers a group the random-reader line has 2 to 10 degrees of freedom. */
  readerTargets: z.tuple([z.literal('fixed_readers'), z.literal('random_readers')]),
  subgroups: z.array(Subgroup),
  /** Subgroup results on fewer units than this are not shown. */
  suppressBelow: z.int().min(2).max(100),
  missing: MissingRule,
})

/**
 * The analysis plan: a versioned document of its own, locked before the test part is opened. The protocol names
 * endpoints and cut grades, which are not repeated here, the plan the rest. Version, author and lock belong to the store; the document's hash is
 * SHA-256 of its canonical JSON (RFC 8785).
 */
export const AnalysisPlan = shape.superRefine((plan, context) => {
  const refuse = (message: string): void => context.addIssue({ code: 'custom', message })
  if (new Set(plan.metricsBeside).size < plan.metricsBeside.length) refuse('a metric is named twice')
  if (new Set(plan.comparators.map((one) => one.group)).size < plan.comparators.length) refuse('a group is named twice')
  if (new Set(plan.families.map((family) => family.id)).size < plan.families.length) refuse('two families share an id')
  for (const family of plan.families) {
    if (family.hypothesis !== 'non_inferiority') continue
    for (const metric of family.metrics) {
      const named = plan.margins.some((margin) => margin.metric === metric && margin.comparison === family.comparison)
      if (!named) refuse(`family ${family.id}: no margin for ${metric}`)
    }
  }
})
export type AnalysisPlan = z.infer<typeof shape>
