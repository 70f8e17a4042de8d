import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { demographicBaseline } from './prove/demographic-baseline.ts'
import { type CellMetrics, cellMetrics, type Estimate } from './prove/held-out-metrics.ts'
import type { HeldOut, PointRow } from './prove/held-out-rows.ts'
import type { HeldOutTask } from './prove/held-out-worker.ts'

// `node scripts/prove-model.ts --grader <id> [--localiser <id>] [--patients 100] [--seed held-out] [--modalities CT,MR,DX]
// [--threads N] [--json file]`: phantoms that no training saw, at natural prevalence, through the served path, against what
// was built into them, on cells that the modality shows. Synthetic phantoms; says nothing about patients.
const { values } = parseArgs({
  options: {
    grader: { type: 'string' },
    localiser: { type: 'string' },
    patients: { type: 'string', default: '100' },
    seed: { type: 'string', default: 'held-out' },
    modalities: { type: 'string', default: 'CT,MR,DX' },
    threads: { type: 'string', default: String(availableParallelism()) },
    json: { type: 'string' },
  },
})
if (values.grader === undefined) {
  process.stderr.write('--grader names a shipped model or its folder\n')
  process.exit(2)
}
const modalities = (['CT', 'MR', 'DX'] as const).filter((one) => values.modalities.split(',').includes(one))
const patients = Number(values.patients)
const threads = Math.max(1, Math.min(patients, Number(values.threads)))
const task = { seed: values.seed, modalities, grader: values.grader, localiser: values.localiser ?? null }

const all: HeldOut = {
  cells: [],
  points: [],
  abstained: {},
  milliseconds: { grading: 0, joints: 0, locating: 0, exams: 0 },
}
let done = 0
await Promise.all(Array.from({ length: threads }, (_, thread) => runWorker(thread)))
process.stderr.write('\n')

const baseline = demographicBaseline()
const groups = Map.groupBy(all.cells, ({ modality, feature }) => `${modality} ${feature}`)
const metrics = new Map([...groups].map(([name, rows]) => [name, cellMetrics(rows, baseline)]))
const points = new Map(
  [...Map.groupBy(all.points, ({ modality }) => modality)].map(([modality, rows]) => [modality, pointMetrics(rows)]),
)
print()
if (values.json !== undefined) {
  const { grading, joints, locating, exams } = all.milliseconds
  const document = {
    notice: 'synthetic phantoms; says nothing about patients',
    ...task,
    patients,
    cells: Object.fromEntries(metrics),
    points: Object.fromEntries(points),
    abstained: all.abstained,
    jointsPerSecond: (1000 * joints) / grading,
    millisecondsToLocate: exams === 0 ? null : locating / exams,
  }
  writeFileSync(values.json, `${JSON.stringify(document, null, 2)}\n`)
}

function runWorker(thread: number): Promise<void> {
  const indices = Array.from({ length: patients }, (_, index) => index).filter((index) => index % threads === thread)
  const workerData: HeldOutTask = { ...task, indices }
  const worker = new Worker(join(import.meta.dirname, 'prove', 'held-out-worker.ts'), { workerData })
  return new Promise((resolve, reject) => {
    worker.on('message', (found: HeldOut) => {
      take(found)
    })
    worker.once('error', reject)
    worker.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a worker ended with ${code}`))))
  })
}

function take({ cells, points: rows, abstained, milliseconds }: HeldOut): void {
  all.cells.push(...cells)
  all.points.push(...rows)
  for (const [reason, count] of Object.entries(abstained)) all.abstained[reason] = (all.abstained[reason] ?? 0) + count
  for (const key of ['grading', 'joints', 'locating', 'exams'] as const) all.milliseconds[key] += milliseconds[key]
  done += 1
  process.stderr.write(`\r${done} of ${patients} phantoms`)
}

type PointMetrics = { joints: number; medianMm: number; p95Mm: number; identified: number; wrongLevel: number }

/** Identified: proposed within 5 mm of the joint of that name. Wrong level: proposed nearer to a joint of another name. */
function pointMetrics(rows: readonly PointRow[]): PointMetrics {
  const errors = rows.flatMap(({ errorMm }) => (errorMm === null ? [] : [errorMm])).toSorted((a, b) => a - b)
  const at = (share: number): number =>
    errors[Math.min(errors.length - 1, Math.floor(share * errors.length))] ?? Number.NaN
  return {
    joints: rows.length,
    medianMm: at(0.5),
    p95Mm: at(0.95),
    identified: rows.filter(({ errorMm }) => errorMm !== null && errorMm <= 5).length / rows.length,
    wrongLevel:
      rows.filter(({ nearestLevel, level }) => nearestLevel !== null && nearestLevel !== level).length / rows.length,
  }
}

function print(): void {
  const say = (line: string): void => {
    process.stdout.write(`${line}\n`)
  }
  say(
    `${patients} held-out phantom patients, seed ${values.seed}, natural prevalence, visible cells; 95 % intervals over patients.`,
  )
  say('Synthetic phantoms; says nothing about patients.\n')
  say(
    '| modality, feature | n (0/1/2/3) | QWK | AUC ≥1 | AUC ≥2 | AUC ≥3 | recall 0/1/2/3 | ECE ≥1/≥2/≥3 | level + age + sex QWK |',
  )
  say('|---|---|---|---|---|---|---|---|---|')
  for (const [name, one] of metrics) say(lineOf(name, one))
  for (const [modality, { joints, medianMm, p95Mm, identified, wrongLevel }] of points) {
    say(
      `\nLocaliser on ${modality}: ${joints} joints, median ${medianMm.toFixed(2)} mm, 95 % ${p95Mm.toFixed(2)} mm, identified ${share(identified)}, wrong level ${share(wrongLevel)}.`,
    )
  }
  say(
    `\nAbstained cells: ${
      Object.entries(all.abstained)
        .map(([reason, count]) => `${count} × ${reason}`)
        .join(', ') || 'none'
    }.`,
  )
  say(
    `${((1000 * all.milliseconds.joints) / all.milliseconds.grading).toFixed(0)} joints/s a thread from files to grades.`,
  )
}

function share(value: number): string {
  return `${(100 * value).toFixed(1)} %`
}

function text(value: Estimate): string {
  if (value === null) return '–'
  return `${value.estimate.toFixed(3)} [${value.lower.toFixed(3)}, ${value.upper.toFixed(3)}]`
}

function number(value: number | null): string {
  return value === null ? '–' : value.toFixed(2)
}

function lineOf(name: string, { counts, n, qwk, auc, recall, calibration, baseline: other }: CellMetrics): string {
  const cells = [
    name,
    `${n} (${counts.join('/')})`,
    text(qwk),
    ...[0, 1, 2].map((cut) => text(auc[cut] ?? null)),
    recall.map(number).join('/'),
    calibration.map((one) => (one === null ? '–' : one.toFixed(3))).join('/'),
    text(other),
  ]
  return `| ${cells.join(' | ')} |`
}
