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
  command('run', 'run the locked plan on the test part and print the results').action((options: Options) =>
    run(context, studyOf(options)),
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

const METRICS: readonly string[] = ['accuracy', 'precision', 'sensitivity', 'specificity', 'f1', 'weighted_kappa']
const DIGITS = 3

async function run(context: CliContext, studyCode: string): Promise<void> {
  const api = context.api()
  const { evaluationId } = await api.evaluation.run.mutate({ studyCode })
  const shown = await api.evaluation.show.query({ studyCode, evaluationId })
  const lines = shown.results.rows
    .filter(({ metric }) => METRICS.includes(metric))
    .map(({ comparator, modality, feature, metric, result: { estimate, ci, n, clusters, nMissing, reason } }) =>
      [
        comparator,
        modality,
        feature,
        metric,
        estimate === null ? `not defined (${reason ?? 'no reason'})` : estimate.toFixed(DIGITS),
        ci ? `[${ci.lower.toFixed(DIGITS)}, ${ci.upper.toFixed(DIGITS)}]` : '',
        `${n} joints of ${clusters} patients, ${nMissing} missing`,
      ].join('\t'),
    )
  context.done(shown, [`Evaluation ${evaluationId}, results ${shown.resultHash}`, ...lines].join('\n'))
}

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
