import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { Worker } from 'node:worker_threads'
import {
  type CohortSettings,
  GENERATOR_VERSION,
  type GradeCounts,
  manifestJson,
  PHANTOM_NOTICE,
  patientsCsv,
  pointsJson,
  truthCsv,
} from '@facetgrade/phantom/cohort-tables'
import type { CliContext } from './cli-context.ts'
import type { PhantomAnswer, PhantomTask, PhantomWorkerData } from './phantom-task.ts'
import { RefusedError } from './refusal.ts'

type Order = { folder: string; threads: number; settings: CohortSettings }

/**
 * Makes the cohort in `<folder>.partial` and gives it its name when everything is there: a folder that exists is whole.
 *
 * @throws {RefusedError} OUT_NOT_EMPTY, OUT_UNUSABLE, or CANCELLED after a signal: then nothing is left behind
 */
export async function writeCohort(context: CliContext, order: Order): Promise<void> {
  const folder = resolve(order.folder)
  const partial = `${folder}.partial`
  prepare(folder, partial)
  const started = performance.now()
  try {
    const answers = await makePatients(context, { ...order, folder: partial })
    const files = answers.reduce((sum, answer) => sum + answer.files, 0)
    const bytes = answers.reduce((sum, answer) => sum + answer.bytes, 0)
    const grades = sumOf(answers.map((answer) => answer.grades))
    const write = (name: string, text: string) => writeFileSync(join(partial, name), text)
    write('patients.csv', patientsCsv(answers.map(({ patient }) => patient)))
    write('truth.csv', truthCsv(answers.flatMap(({ truth }) => truth)))
    write('points.json', pointsJson(answers.flatMap(({ exams }) => exams)))
    write('phantom.json', manifestJson(order.settings, { files, grades }))
    rmSync(join(partial, MARK))
    renameSync(partial, folder)
    const { patients, seed, size, prevalence } = order.settings
    const seconds = (performance.now() - started) / 1000
    const megabytes = (bytes / 1e6).toFixed(0)
    context.done(
      { folder, patients, files, bytes, seed, size, prevalence, grades, notice: PHANTOM_NOTICE },
      `Made ${patients} phantom patients: ${files} files, ${megabytes} MB, ${seconds.toFixed(1)} s (${PHANTOM_NOTICE}).`,
    )
  } catch (error) {
    rmSync(partial, { recursive: true, force: true })
    throw error
  }
}

/** In every unfinished folder, so that a later run may clear what a killed one left. */
const MARK = '.facetgrade-phantom-unfinished'

function prepare(folder: string, partial: string): void {
  if (existsSync(folder) && (!statSync(folder).isDirectory() || readdirSync(folder).length > 0))
    throw new RefusedError('OUT_NOT_EMPTY', `${folder} is there and not empty. Name a new or empty folder.`)
  if (existsSync(partial)) {
    if (!existsSync(join(partial, MARK)))
      throw new RefusedError('OUT_NOT_EMPTY', `${partial} is in the way and was not made by this command.`)
    rmSync(partial, { recursive: true, force: true })
  }
  try {
    mkdirSync(dirname(folder), { recursive: true })
    mkdirSync(partial)
    writeFileSync(join(partial, MARK), `${GENERATOR_VERSION}\n`)
  } catch {
    throw new RefusedError('OUT_UNUSABLE', `${dirname(folder)} cannot be written to.`)
  }
}

/** One patient a task, so that a slow one holds nobody up; answers in the order of the patients. */
async function makePatients(context: CliContext, order: Order): Promise<PhantomAnswer[]> {
  const { patients } = order.settings
  const progress = context.progress({ total: patients, unit: 'patients' })
  const answers: PhantomAnswer[] = []
  const workers = new Set<Worker>()
  const { promise, resolve: finish, reject: fail } = Promise.withResolvers<undefined>()
  const cancel = () => {
    fail(new RefusedError('CANCELLED', 'Cancelled. Nothing was kept.'))
  }
  process.once('SIGINT', cancel)
  process.once('SIGTERM', cancel)
  let next = 0
  let done = 0
  let bytes = 0
  const give = (worker: Worker) => {
    const task: PhantomTask = { index: next }
    next += 1
    worker.postMessage(task)
  }
  const workerData: PhantomWorkerData = { folder: order.folder, settings: order.settings }
  for (let thread = 0; thread < Math.min(order.threads, patients); thread += 1) {
    const worker = new Worker(new URL('./phantom-worker.ts', import.meta.url), { workerData })
    workers.add(worker)
    worker.on('error', fail)
    worker.on('message', (answer: PhantomAnswer) => {
      answers[answer.index] = answer
      done += 1
      bytes += answer.bytes
      progress.at(done, `${(bytes / 1e6).toFixed(0)} MB`)
      if (next < patients) give(worker)
      else if (done === patients) finish(undefined)
    })
    give(worker)
  }
  try {
    await promise
    return answers
  } finally {
    process.removeListener('SIGINT', cancel)
    process.removeListener('SIGTERM', cancel)
    // A worker may be in the middle of a file: the folder is cleared only when none writes any more.
    await Promise.all([...workers].map((worker) => worker.terminate()))
    progress.end()
  }
}

function sumOf(all: readonly GradeCounts[]): GradeCounts {
  const sum: Record<string, number[]> = {}
  for (const counts of all)
    for (const [feature, row] of Object.entries(counts))
      sum[feature] = row.map((count, grade) => count + (sum[feature]?.[grade] ?? 0))
  return sum
}
