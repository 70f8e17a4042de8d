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

/** Which models are judged. A plan is often locked before the last of them is trained: then by rule, not by name. */
const ModelRule = z.discriminatedUnion('which', [
  /** Every registered model that has predictions of the test part. */
  z.strictObject({ which: z.literal('all_predicted') }),
  z.strictObject({ which: z.literal('named'), ids: z.array(z.string().min(1).max(80)).min(1) }),
  z.strictObject({ which: z.literal('none') }),
])

/** Acting on the model from a probability on: where such a use is meant. Thresholds `from`, `from + step` … up to `to`. */
const DecisionCurveRule = z.strictObject({
  modalities: z.array(Modality).min(1),
  features: z.array(CellFeature).min(1),
  from: z.number().gt(0).lt(1),
  to: z.number().gt(0).lt(1),
  step: z.number().gt(0).lt(1),
})

const common = {
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
}

const Comparators = { group: ReaderGroup, readers: z.boolean(), consensus: z.boolean() }

/** The first format, of plans locked before models, agreement and times were planned. Read, never written. */
const FirstPlan = z.strictObject({
  format: z.literal('facetgrade-analysis-plan/1'),
  comparators: z.array(z.strictObject(Comparators)).min(1),
  ...common,
})

const shape = z.strictObject({
  /** Name of this format; a later, different one gets another number. */
  format: z.literal('facetgrade-analysis-plan/2'),
  /** Raters judged against the reference, by the protocol's groups: each reader, the group's consensus, its aided rounds. */
  comparators: z.array(z.strictObject({ ...Comparators, aided: z.boolean() })).min(1),
  models: ModelRule,
  ...common,
  /** Calibration of P(y >= cut) at every cut; the bins are fixed and printed. */
  calibration: z.strictObject({ bins: z.literal(10) }),
  decisionCurves: z.array(DecisionCurveRule),
  /** One verdict a patient: positive when any joint is at the cut or above. */
  patientLevel: z.strictObject({
    verdict: z.literal('any_joint_at_cut'),
    interval: z.enum(['wilson', 'clopper_pearson']),
  }),
  /** Agreement also by level, and by joint for the heat map. */
  agreement: z.strictObject({ by: z.array(z.enum(['level', 'joint'])) }),
  /** A pause longer than this counts as this: nobody reads through lunch. */
  readingTime: z.strictObject({ idleCapSeconds: z.int().min(10).max(3600) }),
  /** Largest errors kept per comparator, modality and feature. */
  gallery: z.strictObject({ perQuestion: z.int().min(1).max(50) }),
})

/**
 * The analysis plan: a versioned document of its own, locked before the test part is opened. The protocol names
 * endpoints and cut grades, which are not repeated here, the plan the rest. Version, author and lock belong to the store; the document's hash is
 * SHA-256 of its canonical JSON (RFC 8785).
 */
export const AnalysisPlan = shape.superRefine((plan, context) => {
  checkPlan(plan, context)
})
export type AnalysisPlan = z.infer<typeof shape>

/**
 * A stored plan of any format, as the present one. What the first format did not say is filled in as it was then understood:
 * no model named, no aided round, no decision curve, agreement by level and joint, patients by Wilson's interval.
 *
 * @throws {ZodError} when it is neither format
 */
export function readAnalysisPlan(document: unknown): AnalysisPlan {
  const first = FirstPlan.safeParse(document)
  if (!first.success) return AnalysisPlan.parse(document)
  const { comparators, ...rest } = first.data
  return AnalysisPlan.parse({
    ...rest,
    format: 'facetgrade-analysis-plan/2',
    comparators: comparators.map((one) => ({ ...one, aided: false })),
    models: { which: 'none' },
    ...PLAN_DEFAULTS,
    decisionCurves: [],
  })
}

/** What a plan that says nothing else takes. */
export const PLAN_DEFAULTS = {
  calibration: { bins: 10 },
  patientLevel: { verdict: 'any_joint_at_cut', interval: 'wilson' },
  agreement: { by: ['level', 'joint'] },
  readingTime: { idleCapSeconds: 120 },
  gallery: { perQuestion: 5 },
} satisfies Partial<AnalysisPlan>

function checkPlan(plan: z.infer<typeof shape>, context: z.core.$RefinementCtx): void {
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
  for (const { from, to } of plan.decisionCurves) if (from > to) refuse('a decision curve ends before it begins')
}
