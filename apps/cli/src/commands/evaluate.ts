import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { RefusedError } from '../refusal.ts'
import { studyOf } from '../study-option.ts'

type Options = { study: string }

/** The way from the readers' signatures to the first numbers, step by step; every step is refused out of its order. */
export function registerEvaluate(program: Command, context: CliContext): void {
  const evaluate = program
    .command('evaluate')
    .description('reference, analysis plan, opening of the test part, evaluation')
  const command = (name: string, description: string) =>
    evaluate
      .command(name, { isDefault: name === 'run' })
      .description(description)
      .requiredOption('--study <code>')
  command('run', 'run the locked plan on the test part and print the results')
    .option('--dry-run', 'run the latest plan, locked or not, on simulated grades instead', false)
    .action((options: Options & { dryRun: boolean }) =>
      options.dryRun ? dryRun(context, studyOf(options)) : run(context, studyOf(options)),
    )
  command('reference', 'derive the next version of the reference standard')
    .option('--leave-out-incomplete', 'without the cases that the reference readers have not settled', false)
    .action((options: Options & { leaveOutIncomplete: boolean }) => reference(context, studyOf(options), options))
  command('plan', 'create a version of the analysis plan that ships')
    .option('--lock', 'and lock it, for ever', false)
    .action((options: Options & { lock: boolean }) => plan(context, studyOf(options), options))
  command('unseal', 'open the test part under the latest locked plan; counted, and never taken back')
    .requiredOption('--reason <text>')
    .action((options: Options & { reason: string }) => unseal(context, studyOf(options), options))
  command('state', 'how far consensus, reference, plan and evaluation are').action((options: Options) =>
    state(context, studyOf(options)),
  )
}

const METRICS: readonly string[] = [
  'accuracy',
  'precision',
  'sensitivity',
  'specificity',
  'f1',
  'auc',
  'weighted_kappa',
]
const DIGITS = 3

/** Orders the evaluation, follows its job, and prints what the compared readers and models reach. */
async function run(context: CliContext, studyCode: string): Promise<void> {
  const api = context.api()
  const { runId } = await api.evaluation.run.mutate({ studyCode })
  const { evaluationId } = await settled(context, { studyCode, runId })
  if (evaluationId === null) throw new Error('the evaluation is done and has no id')
  const shown = await api.evaluation.show.query({ studyCode, evaluationId })
  context.done(
    shown,
    [
      `Evaluation ${evaluationId}, results ${shown.resultHash}`,
      ...NOT_PATIENTS[shown.results.studyKind],
      ...linesOf(shown.results),
    ].join('\n'),
  )
}

/** The whole plan on made-up grades, before its lock: what it would report, with numbers that mean nothing. */
async function dryRun(context: CliContext, studyCode: string): Promise<void> {
  const api = context.api()
  const [latest] = await api.plan.list.query({ studyCode })
  if (!latest) throw new RefusedError('PLAN_NOT_LOCKED', 'Create an analysis plan first: facetgrade evaluate plan')
  const { runId } = await api.evaluation.dryRun.mutate({ studyCode, planId: latest.planId })
  const { dryRunId } = await settled(context, { studyCode, runId })
  if (dryRunId === null) throw new Error('the dry run is done and has no id')
  const shown = await api.evaluation.showDryRun.query({ studyCode, dryRunId })
  const head = `DRY RUN ${dryRunId} of plan version ${shown.planVersion}: simulated grades, says nothing about the study`
  context.done(shown, [head, `${shown.results.rows.length} results`, ...linesOf(shown.results)].join('\n'))
}

/** What is not about patients says so wherever its numbers stand. */
const NOT_PATIENTS: Readonly<Record<Results['studyKind'], readonly string[]>> = {
  real: [],
  demo: ['Demonstration on synthetic phantoms; says nothing about patients.'],
  synthetic: ['Synthetic phantoms; says nothing about patients.'],
}

const POLL_MS = 500

async function settled(context: CliContext, of: { studyCode: string; runId: string }) {
  const api = context.api()
  const bar = context.progress({ total: 100, unit: '%' })
  try {
    for (;;) {
      const run = await api.evaluation.follow.query(of)
      bar.at(Math.floor(100 * run.progress))
      if (run.state === 'done') return run
      if (run.state === 'cancelled') throw new RefusedError('EVALUATION_OVER', 'The evaluation was cancelled.')
      if (run.state === 'failed') {
        const code = run.failure ?? 'UNEXPECTED'
        throw new RefusedError(code, `The evaluation failed (${code}). Nothing was stored.`)
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    }
  } finally {
    bar.end()
  }
}

type Results = Awaited<ReturnType<ReturnType<CliContext['api']>['evaluation']['show']['query']>>['results']

const linesOf = ({ rows }: Results): string[] =>
  rows
    .filter(({ analysis, missingRule }) => analysis === 'performance' && missingRule === null)
    .filter(({ metric }) => METRICS.includes(metric))
    .map(({ comparator, modality, feature, metric, score, result: { estimate, ci, n, clusters, nMissing, reason } }) =>
      [
        comparator,
        modality,
        feature ?? '',
        metric,
        score ?? '',
        estimate === null ? `not defined (${reason ?? 'no reason'})` : estimate.toFixed(DIGITS),
        ci ? `[${ci.lower.toFixed(DIGITS)}, ${ci.upper.toFixed(DIGITS)}]` : '',
        `${n} joints of ${clusters} patients, ${nMissing} missing`,
      ].join('\t'),
    )

async function reference(
  context: CliContext,
  studyCode: string,
  { leaveOutIncomplete }: { leaveOutIncomplete: boolean },
): Promise<void> {
  const api = context.api()
  const { incomplete } = leaveOutIncomplete ? await api.reference.preview.query({ studyCode }) : { incomplete: [] }
  const leaveOut = incomplete.map(({ patientCode, modality }) => ({ patientCode, modality }))
  const derived = await api.reference.derive.mutate({ studyCode, leaveOut })
  context.done(
    derived,
    derived.isNew
      ? `Reference version ${derived.version}: ${derived.cases} cases, ${derived.cells} cells, ${leaveOut.length} left out.`
      : `Nothing has changed since reference version ${derived.version}.`,
  )
}

async function plan(context: CliContext, studyCode: string, { lock }: { lock: boolean }): Promise<void> {
  const api = context.api()
  const document = await api.plan.default.query({ studyCode })
  const created = await api.plan.create.mutate({ studyCode, document })
  if (lock) await api.plan.lock.mutate({ studyCode, planId: created.planId })
  context.done(
    { ...created, isLocked: lock },
    `Plan version ${created.version}${lock ? ', locked' : ''}: ${created.hash}`,
  )
}

async function unseal(context: CliContext, studyCode: string, { reason }: { reason: string }): Promise<void> {
  const api = context.api()
  const locked = (await api.plan.list.query({ studyCode })).find((candidate) => candidate.lock !== null)
  if (!locked) throw new RefusedError('PLAN_NOT_LOCKED', 'Lock an analysis plan first: facetgrade evaluate plan --lock')
  const opened = await api.unsealing.create.mutate({ studyCode, planId: locked.planId, reason })
  context.done(opened, `The test part is open: opening ${opened.ordinal}, under plan version ${opened.planVersion}.`)
}

async function state(context: CliContext, studyCode: string): Promise<void> {
  const shown = await context.api().evaluation.state.query({ studyCode })
  const lines = shown.groups.map(
    ({ readerGroup, cases, settled, adjudicationOpen }) =>
      `${readerGroup}: ${settled} of ${cases} cases settled, ${adjudicationOpen} in adjudication`,
  )
  const { reference: derived, plan: latest } = shown
  lines.push(
    derived ? `reference version ${derived.version}${derived.isStale ? ', stale' : ''}` : 'no reference',
    latest ? `plan version ${latest.version}${latest.isLocked ? ', locked' : ', not locked'}` : 'no plan',
    `${shown.unsealings} openings of the test part, ${shown.evaluations} evaluations${shown.latestIsStale ? ', the latest stale' : ''}`,
  )
  context.done(shown, lines.join('\n'))
}
