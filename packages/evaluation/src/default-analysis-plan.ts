import type { Protocol } from '@facetgrade/grading/protocol'
import { AnalysisPlan, PLAN_DEFAULTS } from './analysis-plan.ts'
import type { Metric } from './metric.ts'

/**
 * The plan that ships: it can be locked as it is. Endpoints and cut grades stay the protocol's; exact agreement and AC2
 * stand beside kappa, since a rare grade makes kappa small while readers agree. Proportions and the AUC take the logit
 * scale: with 30 patients the plain intervals cover up to two points too little (docs/methods.md, coverage).
 *
 * @throws {ZodError} never for a valid protocol
 */
export function defaultAnalysisPlan(
  protocol: Pick<Protocol, 'endpoints' | 'modalities' | 'readerGroups'>,
): AnalysisPlan {
  const beside: readonly Metric[] = ['exact_agreement', 'gwet_ac2']
  const features = [...new Set(protocol.endpoints.cutGrades.map((cut) => cut.feature))]
  return AnalysisPlan.parse({
    format: 'facetgrade-analysis-plan/2',
    comparators: protocol.readerGroups
      .filter((group) => group.role === 'compared')
      .map((group) => ({ group: group.name, readers: true, consensus: group.readers > 1, aided: true })),
    models: { which: 'all_predicted' },
    metricsBeside: [...beside],
    kappaWeights: 'quadratic',
    operatingPoint: { rule: 'youden', chosenOn: 'validation' },
    interval: {
      level: 0.95,
      samplingUnit: 'patient',
      proportions: 'linearised_logit_t',
      kappa: 'linearised_t',
      auc: 'obuchowski_logit_t',
      bootstrap: { replicates: 2000, kind: 'percentile', seed: 20_240_611, undefinedAtMost: 0.05 },
    },
    margins: [
      { metric: 'auc', comparison: 'model_vs_panel', margin: 0.05 },
      { metric: 'f1', comparison: 'model_vs_reader', margin: 0.05 },
    ],
    families: [
      {
        id: 'model_vs_panel_auc',
        hypothesis: 'non_inferiority',
        comparison: 'model_vs_panel',
        metrics: ['auc'],
        modalities: protocol.modalities,
        features,
        adjust: 'holm',
        level: 0.05,
      },
      {
        id: 'model_vs_reader_f1',
        hypothesis: 'non_inferiority',
        comparison: 'model_vs_reader',
        metrics: ['f1'],
        modalities: protocol.modalities,
        features,
        adjust: 'holm',
        level: 0.05,
      },
    ],
    readerTargets: ['fixed_readers', 'random_readers'],
    subgroups: [
      { by: 'sex' },
      { by: 'age', from: [50, 65] },
      { by: 'level' },
      { by: 'side' },
      { by: 'site' },
      { by: 'scanner' },
      { by: 'slice_thickness_mm', from: [1.5, 3, 5] },
    ],
    suppressBelow: 10,
    missing: {
      primary: 'exclude_cell',
      sensitivity: ['as_wrong', 'as_right', 'drop_patient'],
      severityInterval: 'missing',
    },
    ...PLAN_DEFAULTS,
    decisionCurves: features.includes('severity')
      ? [{ modalities: protocol.modalities, features: ['severity'], from: 0.05, to: 0.95, step: 0.05 }]
      : [],
  } satisfies AnalysisPlan)
}
