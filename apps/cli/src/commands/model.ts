import { Part } from '@facetgrade/grading/part'
import { PatientCode } from '@facetgrade/grading/patient-code'
import type { Command } from 'commander'
import { z } from 'zod'
import type { Api } from '../api.ts'
import type { CliContext } from '../cli-context.ts'
import { MODEL_PROBLEMS, RUN_FAILURES, SYNTHETIC_NOTE } from '../model-sentences.ts'
import { RefusedError, UsageError } from '../refusal.ts'
import { sendModel } from '../send-model.ts'
import { studyOf } from '../study-option.ts'

type Model = Awaited<ReturnType<Api['models']['list']['query']>>[number]
type Run = Awaited<ReturnType<Api['models']['showRun']['query']>>

type Options = { study: string }
type RunOptions = Options & { part?: string[]; patient?: string; wait: boolean }
const POLL_MS = 1000

/** Models of a study: registering them, running them, and what became of the runs. */
export function registerModelCommand(program: Command, context: CliContext): void {
  const model = program.command('model').description('models of a study: register, run, follow')
  const command = (name: string, description: string) =>
    model.command(name).description(description).requiredOption('--study <code>')
  command('register <folder>', 'send a model (manifest.json, card.md, networks); refused ones say why, exit 3').action(
    (folder: string, options: Options) => register(context, folder, studyOf(options)),
  )
  command('list', 'every model that was brought to the study').action((options: Options) =>
    list(context, studyOf(options)),
  )
  command(
    'show <model>',
    'one model: what it is, where it comes from, whether it has seen patients of this study',
  ).action((named: string, options: Options) => show(context, named, studyOf(options)))
  command('run <model>', 'order predictions of a grader, on parts of the study or on one patient')
    .option('--part <part...>', 'train, validation; test by the investigator once an analysis plan is locked')
    .option('--patient <code>', 'one patient instead')
    .option('--wait', 'follow the run to its end; exit 3 when an exam came to nothing', false)
    .action((named: string, options: RunOptions) => run(context, named, options))
  command('propose-points <model>', 'order points of a localiser, for a coordinator to publish')
    .option('--patient <code>', 'one patient only')
    .option('--wait', 'follow the run to its end; exit 3 when an exam came to nothing', false)
    .action((named: string, options: RunOptions) => proposePoints(context, named, options))
  command('proposals', 'the latest proposal of points of each exam').action((options: Options) =>
    proposals(context, studyOf(options)),
  )
  command('runs', 'the latest runs and how far they are').action((options: Options) => runs(context, studyOf(options)))
  command('failures <run>', 'exams of a run that came to nothing, and why').action((runId: string, options: Options) =>
    failures(context, runOf(runId), studyOf(options)),
  )
  command('retry <run>', 'put the failed exams of a run into the queue again').action(
    (runId: string, options: Options) => retry(context, runOf(runId), studyOf(options)),
  )
  command('give-up <run>', 'leave the failed exams of a run without a result')
    .requiredOption('--reason <text>')
    .action((runId: string, options: Options & { reason: string }) =>
      giveUp(context, { runId: runOf(runId), studyCode: studyOf(options), reason: options.reason }),
    )
  command('cancel <run>', 'cancel a run: what waits is dropped, what is under way is finished').action(
    (runId: string, options: Options) => cancel(context, runOf(runId), studyOf(options)),
  )
}

async function register(context: CliContext, folder: string, studyCode: string): Promise<void> {
  const model = await sendModel(context, { folder, studyCode })
  if (model.state === 'refused') {
    if (context.isJson()) {
      context.done(model, '')
      context.exitWith(3)
      return
    }
    throw new RefusedError(
      'MODEL_REFUSED',
      ['The model was refused:', ...model.problems.map((problem) => `  ${problemText(problem)}`)].join('\n'),
    )
  }
  context.done(model, modelText(model))
}

const problemText = ({ code, at }: Model['problems'][number]): string =>
  `${code}${at === null ? '' : ` (${at})`}: ${MODEL_PROBLEMS[code]}`

const modelText = (
  model: Pick<Model, 'slug' | 'kind' | 'hash' | 'state' | 'isOtherData' | 'isSyntheticOnly'>,
): string =>
  [
    `${model.slug ?? 'unreadable'}\t${model.kind ?? ''}\t${model.state}\t${model.hash}`,
    ...(model.state === 'registered' && model.isOtherData ? ['  Trained on other data than this study’s split.'] : []),
    ...(model.isSyntheticOnly ? [`  ${SYNTHETIC_NOTE}`] : []),
  ].join('\n')

async function list(context: CliContext, studyCode: string): Promise<void> {
  const models = await context.api().models.list.query({ studyCode })
  context.done(models, models.length === 0 ? 'No model was brought to this study.' : models.map(modelText).join('\n'))
}

async function show(context: CliContext, named: string, studyCode: string): Promise<void> {
  const api = context.api()
  const { modelId } = await modelNamed(api, { named, studyCode })
  const shown = await api.models.show.query({ studyCode, modelId })
  const seen = shown.patientsSeen
  const lines = [
    modelText(shown),
    ...shown.problems.map((problem) => `  ${problemText(problem)}`),
    ...shown.networks.map(({ role, modality, sha256, bytes }) => `  ${role}/${modality}\t${bytes} bytes\t${sha256}`),
    ...(seen
      ? [
          `  Has seen patients of this study: ${seen.train} training, ${seen.validation} validation, ${seen.test} test, ${seen.unallocated} without a part.`,
        ]
      : []),
    ...(shown.unfitFor.length > 0 ? [`  Cannot be judged on: ${shown.unfitFor.join(', ')}.`] : []),
    '',
    shown.card,
  ]
  context.done(shown, lines.join('\n'))
}

async function run(context: CliContext, named: string, options: RunOptions): Promise<void> {
  const studyCode = studyOf(options)
  const parts = z.array(Part).safeParse(options.part ?? [])
  if (!parts.success) throw new UsageError('--part is train, validation or test')
  if (parts.data.length === 0 && options.patient === undefined) throw new UsageError('name --part or --patient')
  const api = context.api()
  const { modelId } = await modelNamed(api, { named, studyCode })
  const ordered = await api.models.run.mutate({ studyCode, modelId, parts: parts.data, ...patientOf(options) })
  await followed(context, { ...ordered, studyCode, wait: options.wait })
}

async function proposePoints(context: CliContext, named: string, options: RunOptions): Promise<void> {
  const studyCode = studyOf(options)
  const api = context.api()
  const { modelId } = await modelNamed(api, { named, studyCode })
  const ordered = await api.models.proposePoints.mutate({ studyCode, modelId, ...patientOf(options) })
  await followed(context, { ...ordered, studyCode, wait: options.wait })
}

async function followed(
  context: CliContext,
  { runId, exams, studyCode, wait }: { runId: string; exams: number; studyCode: string; wait: boolean },
): Promise<void> {
  if (!wait) {
    context.done({ runId, exams }, `Run ${runId}: ${exams} exams are in the queue.`)
    return
  }
  const api = context.api()
  const progress = context.progress({ total: exams, unit: 'exams' })
  let shown = await api.models.showRun.query({ studyCode, runId })
  while (shown.state === 'working') {
    progress.at(settled(shown))
    await new Promise((next) => setTimeout(next, POLL_MS))
    shown = await api.models.showRun.query({ studyCode, runId })
  }
  progress.at(settled(shown))
  progress.end()
  context.done(shown, runText(shown))
  if (shown.counts.failed > 0) context.exitWith(3)
}

const settled = ({ total, counts }: Run): number => total - counts.waiting - counts.running

const runText = (run: Run): string => {
  const { counts } = run
  return [
    `${run.runId}\t${run.modelSlug}\t${run.purpose}\t${run.parts.join(', ')}\t${run.state}`,
    `  ${counts.done} of ${run.total} done, ${counts.waiting + counts.running} open, ${counts.failed} failed, ${counts.given_up} given up, ${counts.cancelled} cancelled`,
    ...(run.isSyntheticOnly ? [`  ${SYNTHETIC_NOTE}`] : []),
  ].join('\n')
}

async function runs(context: CliContext, studyCode: string): Promise<void> {
  const { rows } = await context.api().models.runs.query({ studyCode })
  context.done(rows, rows.length === 0 ? 'No model was run in this study.' : rows.map(runText).join('\n'))
}

async function proposals(context: CliContext, studyCode: string): Promise<void> {
  const api = context.api()
  const rows: Awaited<ReturnType<Api['predictions']['proposals']['query']>>['rows'][number][] = []
  for (let after: string | null | undefined; after !== null; ) {
    const page = await api.predictions.proposals.query({
      studyCode,
      limit: 200,
      ...(after === undefined ? {} : { after }),
    })
    rows.push(...page.rows)
    after = page.next
  }
  context.done(
    rows,
    rows.length === 0
      ? 'No localiser has proposed points yet.'
      : rows
          .map(({ proposalId, patientCode, modality, publishedVersion }) =>
            [
              proposalId,
              patientCode,
              modality,
              publishedVersion === null ? 'nothing published' : `version ${publishedVersion} published`,
            ].join('\t'),
          )
          .join('\n'),
  )
}

async function failures(context: CliContext, runId: string, studyCode: string): Promise<void> {
  const { rows } = await context.api().models.failures.query({ studyCode, runId, limit: 200 })
  context.done(
    rows,
    rows.length === 0
      ? 'Nothing of this run has failed.'
      : rows
          .map(
            ({ patientCode, modality, failure, attempts }) =>
              `${patientCode}\t${modality}\t${failure}: ${RUN_FAILURES[failure]} (${attempts} attempts)`,
          )
          .join('\n'),
  )
}

async function retry(context: CliContext, runId: string, studyCode: string): Promise<void> {
  const retried = await context.api().models.retry.mutate({ studyCode, runId })
  context.done(retried, `${retried.exams} exams are in the queue again.`)
}

async function giveUp(
  context: CliContext,
  { runId, studyCode, reason }: { runId: string; studyCode: string; reason: string },
): Promise<void> {
  const given = await context.api().models.giveUp.mutate({ studyCode, runId, reason })
  context.done(given, `${given.exams} exams stay without a result.`)
}

async function cancel(context: CliContext, runId: string, studyCode: string): Promise<void> {
  await context.api().models.cancelRun.mutate({ studyCode, runId })
  context.done({ runId }, 'The run is cancelled.')
}

/** By id, by the start of its hash, or by its slug: then the one that was registered last. */
async function modelNamed(api: Api, { named, studyCode }: { named: string; studyCode: string }): Promise<Model> {
  const models = await api.models.list.query({ studyCode })
  const fits = ({ modelId, slug, hash }: Model): boolean =>
    modelId === named || slug === named || (/^[0-9a-f]{8,64}$/.test(named) && hash.startsWith(named))
  const found = models.find((model) => model.state === 'registered' && fits(model)) ?? models.find(fits)
  if (!found) throw new RefusedError('NOT_FOUND', `There is no model ${named} in this study: facetgrade model list`)
  return found
}

function runOf(text: string): string {
  const runId = z.uuid().safeParse(text)
  if (!runId.success) throw new UsageError('name a run by its id, as model runs prints it')
  return runId.data
}

function patientOf({ patient }: RunOptions): { patientCode?: string } {
  if (patient === undefined) return {}
  const code = PatientCode.safeParse(patient)
  if (!code.success) throw new UsageError('--patient is a patient code: P and ten letters or digits')
  return { patientCode: code.data }
}
