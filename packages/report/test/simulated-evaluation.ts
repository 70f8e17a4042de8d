import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { agreementWeights } from '@facetgrade/evaluation/agreement/agreement-weights'
import { clusteredKappa } from '@facetgrade/evaluation/agreement/clustered-kappa'
import { clusteredGwet } from '@facetgrade/evaluation/agreement/gwet-coefficient'
import { reliabilityBins } from '@facetgrade/evaluation/calibration/reliability-bins'
import { clusteredRatio } from '@facetgrade/evaluation/cluster/clustered-ratio'
import { type Clusters, clustersOf } from '@facetgrade/evaluation/cluster/clusters'
import { defaultAnalysisPlan } from '@facetgrade/evaluation/default-analysis-plan'
import type { EvaluationDocument } from '@facetgrade/evaluation/evaluation-document'
import { EvaluationDocument as EvaluationDocumentSchema } from '@facetgrade/evaluation/evaluation-document'
import { type EvaluationMetric, type EvaluationRow, type RowKey, rowId } from '@facetgrade/evaluation/evaluation-row'
import type { Inference } from '@facetgrade/evaluation/inference'
import type { Result } from '@facetgrade/evaluation/result'
import { clusteredAuc } from '@facetgrade/evaluation/roc/clustered-auc'
import { rocCurve } from '@facetgrade/evaluation/roc/roc-curve'
import type { CellFeature } from '@facetgrade/grading/feature'
import { LEVELS, SIDES } from '@facetgrade/grading/joint'
import type { Modality } from '@facetgrade/grading/modality'
import { PARTS } from '@facetgrade/grading/part'
import { Protocol } from '@facetgrade/grading/protocol'
import { randomStream } from '@facetgrade/grading/seeded-random'

const LEVEL = 0.95
const CUTS = [-0.1257, 0.5244, 1.175] as const
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

export const shippedProtocol = (): Protocol =>
  Protocol.parse(
    JSON.parse(
      readFileSync(join(import.meta.dirname, '..', '..', '..', 'protocols', 'lumbar-facet-joint.json'), 'utf8'),
    ),
  )

type Rating = { readonly grades: Int8Array; readonly latent: Float64Array }
type Question = {
  readonly truth: Int8Array
  readonly raters: Readonly<Record<string, Rating>>
  readonly clusters: Clusters
}

const MISSING = { raterNotAssessable: 3, raterNotGraded: 0, referenceNotAssessable: 2, referenceNotGraded: 0 }

/** Readers and a model on made-up joints, through the real kernels: what an evaluation of a small study looks like. */
export function aSimulatedEvaluation({
  patients = 60,
  modalities,
}: {
  patients?: number
  modalities?: readonly Modality[]
} = {}): {
  document: EvaluationDocument
  protocol: Protocol
  plan: ReturnType<typeof defaultAnalysisPlan>
} {
  const protocol = shippedProtocol()
  const plan = defaultAnalysisPlan(protocol)
  const rows: EvaluationRow[] = []
  const document: EvaluationDocument = {
    format: 'facetgrade-evaluation/2',
    data: 'simulated',
    studyKind: 'synthetic',
    level: LEVEL,
    comparators: [
      { code: 'facet-grader', kind: 'model', group: null, round: null, modelHash: sha256('model') },
      { code: 'J1', kind: 'reader', group: 'junior', round: 'first', modelHash: null },
      { code: 'J2', kind: 'reader', group: 'junior', round: 'first', modelHash: null },
      { code: 'junior', kind: 'consensus', group: 'junior', round: 'first', modelHash: null },
      { code: 'S1', kind: 'reference_reader', group: 'senior', round: 'first', modelHash: null },
      { code: 'S2', kind: 'reference_reader', group: 'senior', round: 'first', modelHash: null },
    ],
    operatingPoints: [],
    bootstrap: {
      seed: 1,
      replicates: 2000,
      generator: 'xoroshiro128plus',
      kind: 'percentile',
      undefinedAtMost: 0.05,
      patients: [],
    },
    rows,
    confusion: [],
    roc: [],
    calibration: [],
    decisionCurves: [],
    distributions: [],
    readingTimes: [],
    gallery: [],
    flow: {
      enrolled: 412,
      notScreened: 3,
      excluded: [
        { criterion: 'E1', patients: 5 },
        { criterion: 'E3', patients: 4 },
      ],
      excludedPatients: 8,
      eligible: 401,
      parts: [
        { part: 'train', patients: 281, withdrawn: 1 },
        { part: 'validation', patients: 60, withdrawn: 0 },
        { part: 'test', patients, withdrawn: 0 },
      ],
      analysed: [],
    },
    tableOne: [
      {
        kind: 'number',
        variable: 'age_years',
        unit: 'a',
        parts: PARTS.map((part, i) => ({
          part,
          n: [281, 60, 60][i] ?? 0,
          missing: i,
          mean: 56.2 + 1.6 * i,
          sd: 13.1,
          median: 57,
          lowerQuartile: 47,
          upperQuartile: 66,
        })),
        smd: { trainValidation: 0.121, trainTest: 0.243 },
      },
      {
        kind: 'category',
        variable: 'sex',
        values: ['female', 'male'],
        parts: PARTS.map((part, i) => ({
          part,
          n: [281, 60, 60][i] ?? 0,
          missing: 0,
          counts:
            [
              [150, 131],
              [31, 29],
              [33, 27],
            ][i] ?? [],
        })),
        smd: { trainValidation: 0.034, trainTest: 0.033 },
      },
    ],
  }
  for (const modality of modalities ?? protocol.modalities) {
    document.flow.analysed.push({ modality, patients, joints: patients * 10, jointsWithReference: patients * 10 - 7 })
    const features: CellFeature[] = [
      ...protocol.features.filter((one) => one.scales[modality]).map((one) => one.feature),
      'severity',
    ]
    for (const feature of features) addQuestion(document, { modality, feature, patients, protocol })
    for (const [i, reader] of ['J1', 'J2', 'S1', 'S2'].entries())
      addReadingTime(document, { reader, modality, patients, seed: i })
  }
  return { document: EvaluationDocumentSchema.parse(document), protocol, plan }
}

function addQuestion(
  document: EvaluationDocument,
  at: { modality: Modality; feature: CellFeature; patients: number; protocol: Protocol },
): void {
  const { modality, feature, protocol } = at
  const question = simulate(`${modality}/${feature}`, at.patients, modality === 'ct' ? 0.45 : 0.7)
  const cutGrade =
    protocol.endpoints.cutGrades.find((one) => one.modality === modality && one.feature === feature)?.cutGrade ?? 2
  const referenceModality = protocol.referenceTargets[modality] ?? modality
  const { truth, clusters, raters } = question
  const put = (
    key: Partial<RowKey> & Pick<RowKey, 'analysis' | 'comparator' | 'metric'>,
    inference: Inference & { p?: number | null },
    more: Partial<Result> = {},
  ): EvaluationRow => {
    const full: RowKey = {
      against: 'reference',
      modality,
      referenceModality,
      feature,
      score: null,
      cutGrade: null,
      grade: null,
      subgroup: null,
      missingRule: null,
      hypothesis: null,
      ...key,
    }
    const result = resultOf(inference, more)
    const row = { id: rowId(full, result.target), ...full, result }
    document.rows.push(row)
    return row
  }
  const positive = Uint8Array.from(truth, (grade) => (grade >= cutGrade ? 1 : 0))
  const binary = (rating: Rating, metric: EvaluationMetric, keep: (i: number) => boolean = () => true) => {
    const index = [...truth.keys()].filter(keep)
    const call = (i: number) => (rating.grades[i] ?? 0) >= cutGrade
    const isPositive = (i: number) => positive[i] === 1
    const numerator: number[] = []
    const denominator: number[] = []
    for (const i of index) {
      const both = call(i) && isPositive(i)
      if (metric === 'sensitivity') {
        numerator.push(both ? 1 : 0)
        denominator.push(isPositive(i) ? 1 : 0)
      } else if (metric === 'specificity') {
        numerator.push(!call(i) && !isPositive(i) ? 1 : 0)
        denominator.push(isPositive(i) ? 0 : 1)
      } else if (metric === 'precision') {
        numerator.push(both ? 1 : 0)
        denominator.push(call(i) ? 1 : 0)
      } else if (metric === 'f1') {
        numerator.push(both ? 2 : 0)
        denominator.push((call(i) ? 1 : 0) + (isPositive(i) ? 1 : 0))
      } else {
        numerator.push(call(i) === isPositive(i) ? 1 : 0)
        denominator.push(1)
      }
    }
    return clusteredRatio({
      numerator,
      denominator,
      clusters: clustersOf(index.map((i) => clusters.of[i] ?? 0)),
      level: LEVEL,
      domain: metric === 'precision' || metric === 'f1' ? 'all' : 'with_denominator',
      scale: 'identity',
    })
  }
  const BINARY = ['accuracy', 'precision', 'sensitivity', 'specificity', 'f1'] as const
  const compared = ['facet-grader', 'J1', 'J2', 'junior']
  for (const comparator of compared) {
    const rating = raters[comparator] as Rating
    const isModel = comparator === 'facet-grader'
    for (const metric of BINARY)
      put(
        { analysis: 'performance', comparator, metric, score: isModel ? 'operating_point' : 'grades', cutGrade },
        binary(rating, metric),
      )
    put(
      { analysis: 'performance', comparator, metric: 'auc', score: 'grades', cutGrade },
      clusteredAuc({ truth: positive, scores: rating.grades, clusters, level: LEVEL, scale: 'logit' }),
    )
    if (isModel)
      put(
        { analysis: 'performance', comparator, metric: 'auc', score: 'probability', cutGrade },
        clusteredAuc({ truth: positive, scores: rating.latent, clusters, level: LEVEL, scale: 'logit' }),
      )
    const pair = { first: rating.grades, second: truth, weights: agreementWeights('quadratic', 4) }
    put(
      { analysis: 'performance', comparator, metric: 'weighted_kappa', score: 'grades' },
      clusteredKappa(pair, clusters, LEVEL),
    )
    put(
      { analysis: 'performance', comparator, metric: 'gwet_ac2', score: 'grades' },
      clusteredGwet(pair, clusters, LEVEL),
    )
    document.confusion.push({
      comparator,
      modality,
      referenceModality,
      feature,
      counts: confusion(truth, rating.grades),
    })
    for (const score of isModel ? (['grades', 'probability'] as const) : (['grades'] as const)) {
      const curve = rocCurve(positive, score === 'grades' ? rating.grades : rating.latent)
      if (typeof curve === 'string') continue
      const step = Math.max(1, Math.ceil(curve.length / 190))
      const sensitivity = binary(rating, 'sensitivity')
      const specificity = binary(rating, 'specificity')
      document.roc.push({
        comparator,
        modality,
        referenceModality,
        feature,
        cutGrade,
        score,
        points: curve
          .filter((_, i) => i % step === 0 || i === curve.length - 1)
          .reverse()
          .map((one) => ({ falsePositiveRate: 1 - one.specificity, sensitivity: one.sensitivity })),
        at:
          sensitivity.estimate === null || specificity.estimate === null
            ? null
            : {
                falsePositiveRate: 1 - specificity.estimate,
                sensitivity: sensitivity.estimate,
                varianceFalsePositiveRate: (specificity.se ?? 0) ** 2,
                varianceSensitivity: (sensitivity.se ?? 0) ** 2,
                covariance: 0.25 * (specificity.se ?? 0) * (sensitivity.se ?? 0),
                df: clusters.count - 1,
              },
      })
    }
    if (!isModel) {
      for (const metric of ['f1', 'auc', 'accuracy', 'sensitivity', 'specificity'] as const) {
        const value = (code: string) =>
          document.rows.find(
            (row) =>
              row.analysis === 'performance' &&
              row.comparator === code &&
              row.modality === modality &&
              row.feature === feature &&
              row.metric === metric,
          )?.result
        const [a, b] = [value('facet-grader'), value(comparator)]
        if (!a || !b || a.estimate === null || b.estimate === null) continue
        const estimate = a.estimate - b.estimate
        const se = 0.8 * Math.hypot(a.se ?? 0, b.se ?? 0)
        const tested = {
          estimate,
          se,
          ci: { lower: estimate - 2 * se, upper: estimate + 2 * se },
          df: clusters.count - 1,
          n: truth.length,
          clusters: clusters.count,
          flags: [],
          reason: null,
          p: Math.min(1, Math.exp(-0.7 * (estimate / se) ** 2)),
        }
        const row = put(
          {
            analysis: 'model_vs_reader',
            comparator: 'facet-grader',
            against: comparator,
            metric,
            score: metric === 'auc' ? 'grades' : 'operating_point',
            cutGrade,
          },
          tested,
        )
        if (metric === 'f1' || metric === 'auc')
          put(
            {
              analysis: 'hypothesis',
              comparator: 'facet-grader',
              against: comparator,
              metric,
              score: row.score,
              cutGrade,
              hypothesis: {
                kind: 'non_inferiority',
                margin: 0.05,
                of: row.id,
                isRejected: (row.result.ci?.lower ?? -1) > -0.05,
              },
            },
            { ...tested, p: tested.p / 4 },
            { pAdjusted: Math.min(1, tested.p), family: metric === 'f1' ? 'model_vs_reader_f1' : 'model_vs_panel_auc' },
          )
      }
    }
    for (const [by, of] of [
      ['level', LEVELS],
      ['side', SIDES],
      ['sex', ['female', 'male']],
      ['age', ['<50', '50-64', '>=65']],
    ] as const) {
      for (const [j, value] of of.entries()) {
        const keep = (i: number) =>
          by === 'level'
            ? Math.floor((i % 10) / 2) === j
            : by === 'side'
              ? i % 2 === j
              : (clusters.of[i] ?? 0) % of.length === j
        put(
          {
            analysis: 'subgroup',
            comparator,
            metric: 'f1',
            score: isModel ? 'operating_point' : 'grades',
            cutGrade,
            subgroup: { by, value },
          },
          binary(rating, 'f1', keep),
        )
      }
      put(
        {
          analysis: 'interaction',
          comparator,
          metric: 'f1',
          score: isModel ? 'operating_point' : 'grades',
          cutGrade,
          subgroup: { by, value: null },
        },
        {
          estimate: null,
          se: null,
          ci: null,
          df: of.length - 1,
          n: truth.length,
          clusters: clusters.count,
          flags: [],
          reason: null,
          p: 0.21,
        },
      )
    }
  }
  const model = raters['facet-grader'] as Rating
  for (const cut of [1, 2, 3]) {
    const event = Uint8Array.from(truth, (grade) => (grade >= cut ? 1 : 0))
    const p = Float64Array.from(model.latent, (latent) => 1 / (1 + Math.exp(-3 * (latent - (CUTS[cut - 1] ?? 0)))))
    document.calibration.push({
      comparator: 'facet-grader',
      modality,
      referenceModality,
      feature,
      cutGrade: cut,
      bins: reliabilityBins(event, p, { bins: 10, closed: 'left' }).map(({ bin, ...rest }) => ({
        from: (bin > 9 ? 9 : bin) / 10,
        to: ((bin > 9 ? 9 : bin) + 1) / 10,
        ...rest,
      })),
    })
    const prevalence = event.reduce((a, b) => a + b, 0) / event.length
    document.decisionCurves.push({
      comparator: 'facet-grader',
      modality,
      referenceModality,
      feature,
      cutGrade: cut,
      prevalence,
      n: event.length,
      points: Array.from({ length: 19 }, (_, i) => {
        const t = (i + 1) / 20
        let tp = 0
        let fp = 0
        for (let j = 0; j < p.length; j++) if ((p[j] ?? 0) >= t) event[j] === 1 ? tp++ : fp++
        const odds = t / (1 - t)
        return { threshold: t, model: (tp - fp * odds) / p.length, all: prevalence - (1 - prevalence) * odds }
      }),
    })
    put(
      {
        analysis: 'calibration',
        comparator: 'facet-grader',
        metric: 'calibration_slope',
        score: 'probability',
        cutGrade: cut,
      },
      {
        estimate: 0.93,
        se: 0.08,
        ci: { lower: 0.77, upper: 1.09 },
        df: clusters.count - 1,
        n: truth.length,
        clusters: clusters.count,
        flags: [],
        reason: null,
      },
    )
  }
  for (const [first, second] of [
    ['J1', 'J2'],
    ['S1', 'S2'],
  ] as const) {
    const [a, b] = [raters[first] as Rating, raters[second] as Rating]
    const on = (keep: (i: number) => boolean) => {
      const index = [...truth.keys()].filter(keep)
      return clusteredKappa(
        {
          first: index.map((i) => a.grades[i] ?? 0),
          second: index.map((i) => b.grades[i] ?? 0),
          weights: agreementWeights('quadratic', 4),
        },
        clustersOf(index.map((i) => clusters.of[i] ?? 0)),
        LEVEL,
      )
    }
    put(
      {
        analysis: 'agreement_pair',
        comparator: `${first}+${second}`,
        against: null,
        referenceModality: null,
        metric: 'weighted_kappa',
        score: 'grades',
      },
      on(() => true),
    )
    for (const [l, level] of LEVELS.entries())
      for (const [s, side] of SIDES.entries())
        put(
          {
            analysis: 'agreement_pair',
            comparator: `${first}+${second}`,
            against: null,
            referenceModality: null,
            metric: 'weighted_kappa',
            score: 'grades',
            subgroup: { by: 'joint', value: `${level}-${side}` },
          },
          on((i) => i % 10 === 2 * l + s),
        )
  }
  for (const [p, part] of PARTS.entries())
    for (const [l, level] of LEVELS.entries()) {
      const counts = [0, 0, 0, 0]
      for (let i = 0; i < truth.length; i++)
        if (Math.floor((i % 10) / 2) === l) {
          const grade = truth[(i + 7 * p) % truth.length] ?? 0
          counts[grade] = (counts[grade] ?? 0) + [5, 1, 1][p]!
        }
      document.distributions.push({ part, modality, feature, level, counts, notAssessable: 2 + l, notGraded: p })
    }
  for (let i = 0; i < truth.length; i++) {
    const error = (model.grades[i] ?? 0) - (truth[i] ?? 0)
    if (
      Math.abs(error) < 2 ||
      document.gallery.filter((one) => one.modality === modality && one.feature === feature).length >= 4
    )
      continue
    document.gallery.push({
      comparator: 'facet-grader',
      modality,
      feature,
      patientCode: `P${String(clusters.of[i]).padStart(10, '0')}`,
      examId: null,
      level: LEVELS[Math.floor((i % 10) / 2)] ?? 'L4L5',
      side: SIDES[i % 2] ?? 'left',
      reference: truth[i] ?? 0,
      answered: model.grades[i] ?? 0,
      error,
      probabilities: [0.1, 0.2, 0.3, 0.4],
    })
  }
}

function addReadingTime(
  document: EvaluationDocument,
  { reader, modality, patients, seed }: { reader: string; modality: Modality; patients: number; seed: number },
): void {
  const normal = normals(`time/${reader}/${modality}`)
  const cases = Array.from({ length: patients }, (_, i) => ({
    position: i + 1,
    seconds: Math.exp(5.2 + 0.15 * seed - 0.002 * i + 0.35 * normal()),
  }))
  document.readingTimes.push({
    reader,
    group: reader.startsWith('J') ? 'junior' : 'senior',
    round: 'first',
    modality,
    cases,
  })
  const sorted = cases.map((one) => one.seconds).sort((a, b) => a - b)
  for (const [metric, q] of [
    ['seconds_lower_quartile', 0.25],
    ['seconds_median', 0.5],
    ['seconds_upper_quartile', 0.75],
  ] as const) {
    const estimate = sorted[Math.floor(q * (sorted.length - 1))] ?? 0
    const key: RowKey = {
      analysis: 'reading_time',
      comparator: reader,
      against: null,
      modality,
      referenceModality: null,
      feature: null,
      metric,
      score: null,
      cutGrade: null,
      grade: null,
      subgroup: null,
      missingRule: null,
      hypothesis: null,
    }
    document.rows.push({
      id: rowId(key, 'fixed_readers'),
      ...key,
      result: {
        ...resultOf({
          estimate,
          se: null,
          ci: { lower: estimate * 0.93, upper: estimate * 1.07 },
          df: null,
          n: patients,
          clusters: patients,
          flags: [],
          reason: null,
        }),
        unit: 'reading',
      },
    })
  }
}

function resultOf(inference: Inference & { p?: number | null }, more: Partial<Result> = {}): Result {
  const { p = null, ...rest } = inference
  return {
    ...rest,
    level: LEVEL,
    method: 'simulated/linearised-t',
    unit: 'joint',
    nMissing: 5,
    missing: MISSING,
    target: 'fixed_readers',
    p,
    pAdjusted: null,
    family: null,
    bound: null,
    seed: null,
    bootstrap: null,
    flags: [...inference.flags],
    ...more,
  }
}

function confusion(truth: Int8Array, rated: Int8Array): number[][] {
  const counts = Array.from({ length: 4 }, () => [0, 0, 0, 0])
  for (let i = 0; i < truth.length; i++) {
    const row = counts[truth[i] ?? 0] as number[]
    row[rated[i] ?? 0] = (row[rated[i] ?? 0] ?? 0) + 1
  }
  return counts
}

function simulate(name: string, patients: number, error: number): Question {
  const normal = normals(name)
  const n = patients * 10
  const truth = new Int8Array(n)
  const rater = (): Rating => ({ grades: new Int8Array(n), latent: new Float64Array(n) })
  const raters = { 'facet-grader': rater(), J1: rater(), J2: rater(), junior: rater(), S1: rater(), S2: rater() }
  const sd = {
    'facet-grader': 0.85 * error,
    J1: 1.2 * error,
    J2: 1.3 * error,
    junior: error,
    S1: 0.9 * error,
    S2: 0.9 * error,
  }
  for (let k = 0, i = 0; k < patients; k++) {
    const shared = normal()
    const bias = Object.fromEntries(Object.keys(raters).map((code) => [code, normal()]))
    for (let j = 0; j < 10; j++, i++) {
      const latent = 0.55 * shared + 0.835 * normal()
      truth[i] = grade(latent)
      for (const [code, rating] of Object.entries(raters)) {
        const seen = latent + sd[code as keyof typeof sd] * (0.45 * (bias[code] ?? 0) + 0.89 * normal())
        rating.latent[i] = seen
        rating.grades[i] = grade(seen)
      }
    }
  }
  return { truth, raters, clusters: clustersOf(Array.from({ length: n }, (_, i) => Math.floor(i / 10))) }
}

const grade = (latent: number): number => CUTS.filter((cut) => latent > cut).length

function normals(purpose: string): () => number {
  const random = randomStream(sha256, '00'.repeat(32) as Parameters<typeof randomStream>[1], purpose)
  const uniform = () => (random.uint32() + 0.5) / 2 ** 32
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
}
