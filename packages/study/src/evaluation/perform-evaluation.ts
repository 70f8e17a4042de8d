import { type EvaluationInput, evaluate } from '@facetgrade/evaluation/analysis/evaluate'
import { readAnalysisPlan } from '@facetgrade/evaluation/analysis-plan'
import type { BootstrapJob } from '@facetgrade/evaluation/bootstrap/bootstrap-job'
import { EvaluationDocument } from '@facetgrade/evaluation/evaluation-document'
import { simulatedEvaluation } from '@facetgrade/evaluation/simulation/simulated-evaluation'
import { canonicalJson } from '@facetgrade/grading/canonical-json'
import type { Json } from '../audit/audit-store.ts'
import { sha256 } from '../sha256.ts'
import type { Stores } from '../stores.ts'
import { StudyError } from '../study-error.ts'
import type { EvaluationRun } from './evaluation-run-store.ts'
import { type Frozen, freezeEvaluation, frozenInputs } from './freeze-evaluation.ts'
import { gatherEvaluation } from './gather-evaluation.ts'

/** What a host brings: transactions as the system, and threads that draw the resamples. */
export type EvaluationHost = {
  /** One transaction as the system in the run's study. */
  asSystem<T>(work: (stores: Stores) => Promise<T>): Promise<T>
  resample(
    job: BootstrapJob,
    of: {
      readonly seed: number
      readonly replicates: number
      readonly signal: AbortSignal
      readonly onProgress: (done: number) => void
    },
  ): Promise<(number | null)[][]>
}

type Place = { readonly studyId: string; readonly runId: string }
type Begun = { readonly run: EvaluationRun; readonly input: EvaluationInput; readonly test: Test | null }
type Test = { readonly frozen: Frozen; readonly inputs: { readonly [key: string]: Json } }

/** Progress is written no oftener than this; it is also when a cancellation is noticed. */
const NOTE_EVERY_MS = 1000

/**
 * The job of a run. May be killed anywhere: nothing is written before the document is whole, and then once. What is refused
 * is kept with its code; what is cancelled leaves nothing.
 */
export async function performEvaluation(host: EvaluationHost, place: Place): Promise<void> {
  let begun: Begun | null
  try {
    begun = await host.asSystem((stores) => begin(stores, place))
  } catch (error) {
    if (!(error instanceof StudyError)) throw error
    await host.asSystem((stores) => failEvaluation(stores, place.runId, error.code))
    return
  }
  if (begun === null) return
  const document = await compute(host, place.runId, begun)
  if (document === null) return
  const { run, test } = begun
  await host.asSystem((stores) => write(stores, { place, run, test, document }))
}

/** Also what the host calls after the last attempt, with UNEXPECTED. */
export async function failEvaluation(
  { evaluationRuns }: Pick<Stores, 'evaluationRuns'>,
  runId: string,
  code: string,
): Promise<void> {
  await evaluationRuns.finish(runId, { state: 'failed', failure: code })
}

async function begin(stores: Stores, { studyId, runId }: Place): Promise<Begun | null> {
  const run = await stores.evaluationRuns.find(runId)
  if (!run || !(await stores.evaluationRuns.begin(runId))) return null
  if (run.kind === 'dry_run') return { run, input: await dryInput(stores, studyId, run.planId), test: null }
  const { document, ...frozen } = await freezeEvaluation(stores, { studyId, planId: run.planId })
  const { kind: studyKind } = await stores.studies.show(studyId)
  const { input, inputs } = await gatherEvaluation(stores, { studyId, studyKind, frozen, plan: document })
  return { run, input, test: { frozen, inputs } }
}

/** As many patients as the test part has, or will have by the protocol's ratio; no grade of theirs is read. */
async function dryInput(stores: Stores, studyId: string, planId: string): Promise<EvaluationInput> {
  const { protocol } = await stores.protocol.latest(studyId)
  const stored = await stores.plan.find(planId)
  if (!stored) throw new StudyError('NOT_FOUND')
  const plan = readAnalysisPlan(stored.document)
  const sealed = (await stores.evaluation.roster(studyId)).filter(({ part }) => part === 'test').length
  const planned = Math.round((protocol.plannedPatients * protocol.split.ratios.test) / 100)
  const patients = Math.max(2, sealed || planned)
  return simulatedEvaluation({ protocol, plan }, { patients, seed: plan.interval.bootstrap.seed })
}

/** Null: cancelled meanwhile. */
async function compute(host: EvaluationHost, runId: string, { input }: Begun): Promise<EvaluationDocument | null> {
  const stop = new AbortController()
  let noted = 0
  let pending = Promise.resolve()
  const onProgress = (share: number): void => {
    if (performance.now() - noted < NOTE_EVERY_MS) return
    noted = performance.now()
    pending = pending
      .then(() => host.asSystem(({ evaluationRuns }) => evaluationRuns.note(runId, Math.min(0.99, share))))
      .then((goesOn) => {
        if (!goesOn) stop.abort(new CancelledError())
      })
      // A database that is away stops the run, which the queue then tries again.
      .catch((error: unknown) => stop.abort(error))
  }
  try {
    const document = await evaluate(
      input,
      (job, { seed, replicates }) =>
        host.resample(job, {
          seed,
          replicates,
          signal: stop.signal,
          onProgress: (done) => onProgress(done / replicates),
        }),
      breathe,
    )
    await pending
    stop.signal.throwIfAborted()
    return EvaluationDocument.parse(document)
  } catch (error) {
    await pending
    if (error instanceof CancelledError) return null
    throw error
  }
}

/** The queue takes a process that is silent for ten seconds for dead: its timers must run while we compute. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

class CancelledError extends Error {
  override name = 'CancelledError'
}

type Done = { place: Place; run: EvaluationRun; test: Test | null; document: EvaluationDocument }

async function write(stores: Stores, { place, run, test, document }: Done): Promise<void> {
  const { studyId, runId } = place
  const results = asJson(document)
  const resultHash = sha256(canonicalJson(results))
  const by = { studyId, planId: run.planId, createdBy: run.requestedBy }
  if (test === null) {
    const dryRunId = await stores.evaluationRuns.addDryRun({ ...by, results, resultHash })
    if (!(await stores.evaluationRuns.finish(runId, { state: 'done', dryRunId }))) throw new OverError()
    await stores.audit.write({ action: 'dry_run.done', object: 'DryRun', objectId: dryRunId, new: { resultHash } })
    return
  }
  const inputs = asJson({ ...frozenInputs(test.frozen), ...test.inputs })
  const created = await stores.evaluation.create({
    ...by,
    unsealingId: test.frozen.unsealing.unsealingId,
    referenceId: test.frozen.reference.referenceId,
    inputs,
    inputHash: sha256(canonicalJson(inputs)),
    results,
    resultHash,
  })
  const { evaluationId, inputHash, planVersion } = created
  if (!(await stores.evaluationRuns.finish(runId, { state: 'done', evaluationId }))) throw new OverError()
  await stores.audit.write({
    action: 'evaluation.run',
    object: 'Evaluation',
    objectId: evaluationId,
    new: { inputHash, resultHash, planVersion, requestedBy: run.requestedBy },
  })
}

/** Cancelled between the last sign of life and the writing: the transaction goes, and with it what it wrote. */
class OverError extends Error {
  override name = 'OverError'
}

/** What goes into the database is JSON and nothing else: undefined members are gone, as they are from its hash. */
const asJson = (document: object): Json => JSON.parse(JSON.stringify(document)) as Json
