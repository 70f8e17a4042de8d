import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type EvaluationInput, evaluate } from '../../packages/evaluation/src/analysis/evaluate.ts'
import { type BootstrapJob, statisticOf } from '../../packages/evaluation/src/bootstrap/bootstrap-job.ts'
import { bootstrapInWorkers } from '../../packages/evaluation/src/bootstrap/node-bootstrap-pool.ts'
import { defaultAnalysisPlan } from '../../packages/evaluation/src/default-analysis-plan.ts'
import { SIMULATED_MODEL, simulatedEvaluation } from '../../packages/evaluation/src/simulation/simulated-evaluation.ts'
import { FEATURES } from '../../packages/grading/src/feature.ts'
import { Protocol } from '../../packages/grading/src/protocol.ts'
import { load, type Measurement } from './measurement.ts'

const RATERS = [SIMULATED_MODEL, 'J1', 'J2', 'S1', 'S2'] as const
const REPLICATES = 2000
const PATIENTS = 700
const BINARY = ['accuracy', 'precision', 'sensitivity', 'specificity', 'f1'] as const
const CUTS = [1, 2, 3] as const

type Unit = { patient: number; feature: string; rater: string; truth: number; rated: number; scores: number[] }

/**
 * 700 patients × 10 joints × 5 features × 5 raters in one modality, 2,000 patient bootstraps of AUC at three cut-offs,
 * accuracy, precision, sensitivity, specificity, F1 and quadratic kappa: our engine, and R with pROC and boot on the same
 * table and the same cores, its time measured on fewer draws and scaled, since each draw costs the same.
 */
export async function evaluating({ rReplicates }: { rReplicates: number }): Promise<Measurement[]> {
  const cores = availableParallelism()
  const input = aCohort(PATIENTS)
  const units = unitsOf(input)
  const job = jobOf(units, PATIENTS)
  const before = load()
  const ours = await seconds(() => bootstrapInWorkers(job, { seed: 1, replicates: REPLICATES, workers: cores }))
  const rBefore = load()
  const { perReplicate, estimates } = await inR(units, { replicates: rReplicates, cores })
  const furthest = difference(job, estimates)
  if (furthest > 1e-9) throw new Error(`evaluating: R and we differ by ${furthest}`)
  const n = `${units.length} grades, ${REPLICATES} draws, ${cores} cores`
  const rows: Measurement[] = [
    { what: 'bootstraps of a whole evaluation', value: ours, unit: 's', n, budget: '≤ 20 s', load: before },
    {
      what: 'the same in R (pROC, boot), scaled',
      value: perReplicate * REPLICATES,
      unit: 's',
      n: `${rReplicates} draws measured, estimates equal to ${furthest.toExponential(0)}`,
      budget: '',
      load: rBefore,
    },
    {
      what: 'R over ours',
      value: (perReplicate * REPLICATES) / ours,
      unit: '×',
      n: 'same table, same cores',
      budget: '≥ 50 ×',
      load: rBefore,
    },
  ]
  for (const patients of [1400, 3500, 7000]) {
    const at = load()
    const larger = jobOf(unitsOf(aCohort(patients)), patients)
    rows.push({
      what: `bootstraps, ${patients} patients`,
      value: await seconds(() => bootstrapInWorkers(larger, { seed: 1, replicates: REPLICATES, workers: cores })),
      unit: 's',
      n: `${patients * 250} grades, ${REPLICATES} draws`,
      budget: 'growth with the patients',
      load: at,
    })
  }
  const at = load()
  let found = 0
  const whole = await seconds(async () => {
    const resample = (bootstrap: BootstrapJob, of: { seed: number; replicates: number }) =>
      bootstrapInWorkers(bootstrap, { ...of, workers: cores })
    found = (await evaluate(input, resample)).rows.length
  })
  rows.push({
    what: 'the whole plan, every analysis',
    value: whole,
    unit: 's',
    n: `${PATIENTS} patients in one modality, ${found} results`,
    budget: 'a job with progress',
    load: at,
  })
  return rows
}

function aCohort(patients: number): EvaluationInput {
  const file = new URL('../../protocols/lumbar-facet-joint.json', import.meta.url)
  const shipped = Protocol.parse(JSON.parse(readFileSync(file, 'utf8')))
  const protocol = { ...shipped, modalities: ['ct' as const] }
  return simulatedEvaluation({ protocol, plan: defaultAnalysisPlan(protocol) }, { patients, seed: 5, notAssessable: 0 })
}

function unitsOf({ cells }: EvaluationInput): Unit[] {
  const place = new Map([...new Set(cells.map(({ patientCode }) => patientCode))].map((code, index) => [code, index]))
  return cells.flatMap(({ patientCode, feature, reference, ratings, probabilities }) =>
    feature === 'severity'
      ? []
      : RATERS.map((rater) => {
          const rated = gradeOf(ratings[rater])
          const shares = probabilities?.[rater]
          const above = (cut: number): number => (shares ? shares.slice(cut).reduce((sum, one) => sum + one, 0) : rated)
          return {
            patient: place.get(patientCode) ?? 0,
            feature,
            rater,
            truth: gradeOf(reference),
            rated,
            scores: CUTS.map(above),
          }
        }),
  )
}

function gradeOf(value: EvaluationInput['cells'][number]['reference'] | undefined): number {
  if (value?.kind !== 'graded') throw new Error('evaluating: a cell without a grade')
  return value.grade
}

/** Per feature and rater, in the order in which R goes through them. */
function jobOf(units: readonly Unit[], patients: number): BootstrapJob {
  const statistics = FEATURES.flatMap((feature) =>
    RATERS.flatMap((rater): BootstrapJob['statistics'] => {
      const own = units.filter((unit) => unit.feature === feature && unit.rater === rater)
      const of = Int32Array.from(own, ({ patient }) => patient)
      const truth = Int8Array.from(own, (unit) => unit.truth)
      const rated = Int8Array.from(own, (unit) => unit.rated)
      const aucs = CUTS.map((cut) => ({ kind: 'auc' as const, cut }))
      const rest = [
        ...BINARY.map((kind) => ({ kind, cut: 1 })),
        { kind: 'kappa' as const, scheme: 'quadratic' as const },
      ]
      if (rater !== SIMULATED_MODEL) return [{ kind: 'grades', truth, rated, size: 4, metrics: [...aucs, ...rest], of }]
      const continuous = CUTS.map((cut, i) => ({
        kind: 'auc' as const,
        truth: Uint8Array.from(truth, (grade) => (grade >= cut ? 1 : 0)),
        scores: Float64Array.from(own, ({ scores }) => scores[i] ?? 0),
        of,
      }))
      return [...continuous, { kind: 'grades', truth, rated, size: 4, metrics: rest, of }]
    }),
  )
  return { patients, statistics }
}

async function inR(
  units: readonly Unit[],
  { replicates, cores }: { replicates: number; cores: number },
): Promise<{ perReplicate: number; estimates: number[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'facetgrade-bench-'))
  try {
    const table = join(folder, 'units.csv')
    const lines = units.map(({ patient, feature, rater, truth, rated, scores }) =>
      [patient, feature, rater, truth, rated, ...scores].join(','),
    )
    writeFileSync(table, ['patient,feature,rater,truth,rated,score1,score2,score3', ...lines].join('\n'))
    const script = new URL('./evaluating.R', import.meta.url).pathname
    const { stdout } = await promisify(execFile)('Rscript', [script, table, String(replicates), String(cores)], {
      maxBuffer: 1 << 24,
    })
    const [elapsed = '', values = ''] = stdout.trim().split('\n')
    // boot computes the statistic once more, on the data themselves.
    return { perReplicate: Number(elapsed) / (replicates + 1), estimates: values.trim().split(/\s+/).map(Number) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function difference({ statistics, patients }: BootstrapJob, estimates: readonly number[]): number {
  const once = new Int32Array(patients).fill(1)
  const ours = statistics.flatMap((spec) => statisticOf(spec, { of: spec.of, count: patients })(once))
  if (ours.length !== estimates.length) throw new Error(`evaluating: ${ours.length} metrics, ${estimates.length} in R`)
  return Math.max(...ours.map((value, i) => Math.abs((value ?? Number.NaN) - (estimates[i] ?? Number.NaN))))
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return (performance.now() - started) / 1000
}
