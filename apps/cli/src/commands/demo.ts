import { join } from 'node:path'
import { StudyCode } from '@facetgrade/grading/study-code'
import { PREVALENCES } from '@facetgrade/phantom/joint-grades'
import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { type DemoResult, makeDemo, STEP_NAMES } from '../demo/make-demo.ts'
import { dataFolder } from '../installation.ts'
import { UsageError } from '../refusal.ts'

type Options = {
  patients: string
  full?: true
  modalities: string
  study: string
  seed: string
  kind: string
  prevalence: string
  until: string
}

const MODALITIES = ['CT', 'MR', 'DX'] as const
/** Fewer leave a part of the split without a patient. */
const FEWEST_PATIENTS = 10
const MOST_PATIENTS = 20_000

export function registerDemo(program: Command, context: CliContext): void {
  program
    .command('demo')
    .description('a whole study on phantoms with simulated people, ending in an evaluation; for an administrator')
    .option('--patients <n>', `how many, from ${FEWEST_PATIENTS}`, '40')
    .option('--full', 'phantoms in the size of real exams: ten times the time and space')
    .option('--compact', 'small phantoms (the default)')
    .option('--modalities <list>', 'any of CT, MR and DX, with commas between', 'CT,MR,DX')
    .option('--study <code>', 'go on with this demo study, or begin it', 'demo')
    .option('--seed <text>', 'the same seed makes the same phantoms and readers', 'demo')
    .option('--kind <kind>', 'demo, or synthetic: phantoms for training and tests, shown to no visitor', 'demo')
    .option('--prevalence <kind>', `${PREVALENCES.join(' or ')}: how often each grade is built`, 'natural')
    .option('--until <step>', `stop after this step: ${STEP_NAMES.join(', ')}`, 'visitors')
    .action((options: Options) => demo(context, options))
}

async function demo(context: CliContext, options: Options): Promise<void> {
  const studyCode = StudyCode.safeParse(options.study)
  if (!studyCode.success) throw new UsageError('--study is lower case letters, digits and hyphens, at most 24')
  const folder = join(dataFolder(context.env), 'demo', studyCode.data)
  const until = oneOf('--until', STEP_NAMES, options.until)
  const result = await makeDemo(
    context,
    { folder, until },
    {
      address: context.address(),
      studyCode: studyCode.data,
      seed: seedOf(options.seed),
      patients: patientsOf(options.patients),
      modalities: modalitiesOf(options.modalities),
      size: options.full ? 'full' : 'compact',
      kind: oneOf('--kind', ['demo', 'synthetic'] as const, options.kind),
      prevalence: oneOf('--prevalence', PREVALENCES, options.prevalence),
    },
  )
  context.done(result, text(result))
}

function oneOf<T extends string>(option: string, known: readonly T[], text: string): T {
  const found = known.find((name) => name === text)
  if (found === undefined) throw new UsageError(`${option} is one of ${known.join(', ')}`)
  return found
}

function patientsOf(text: string): number {
  const patients = Number(text)
  if (!/^\d+$/.test(text) || patients < FEWEST_PATIENTS || patients > MOST_PATIENTS)
    throw new UsageError(`--patients is a whole number from ${FEWEST_PATIENTS} to ${MOST_PATIENTS}`)
  return patients
}

function seedOf(text: string): string {
  if (!/^[\w.-]{1,64}$/.test(text))
    throw new UsageError('--seed is 1 to 64 letters, digits, dots, hyphens, underscores')
  return text
}

function modalitiesOf(text: string): (typeof MODALITIES)[number][] {
  const wanted = text.split(',').map((name) => name.trim().toUpperCase())
  const known = MODALITIES.filter((name) => wanted.includes(name))
  if (known.length !== wanted.length) throw new UsageError('--modalities is any of CT, MR and DX, each once')
  return known
}

function text({ address, studyCode, evaluationId, visitors, seconds, peopleFile }: DemoResult): string {
  const total = Object.values(seconds).reduce((sum, value) => sum + value, 0)
  const took = Object.entries(seconds)
    .filter(([, value]) => value >= 0.1)
    .map(([name, value]) => `${name} ${value.toFixed(1)} s`)
  return [
    `The demo study is ready${took.length > 0 ? ` (${total.toFixed(0)} s: ${took.join(', ')})` : ''}.`,
    'Synthetic phantoms and simulated readers: it says nothing about patients.',
    `The tokens of its simulated people: ${peopleFile}`,
    ...(evaluationId === null ? [] : ['', ...comingIn({ address, studyCode, visitors })]),
  ].join('\n')
}

function comingIn({ address, studyCode, visitors }: Pick<DemoResult, 'address' | 'studyCode' | 'visitors'>): string[] {
  return [
    `Its evaluation: ${address}/studies/${studyCode}/evaluation`,
    'Come in by one of these links, once each; you choose your own password and passkey there:',
    ...visitors.flatMap(({ roles, email, link }) => [
      `  ${roles.join(', ')} (${email})`,
      `    ${link ?? 'is in use: sign in as yourself'}`,
    ]),
  ]
}
