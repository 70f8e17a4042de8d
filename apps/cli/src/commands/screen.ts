import { CriterionAnswer, eligibility } from '@facetgrade/grading/eligibility'
import { LevelNumbering } from '@facetgrade/grading/level-numbering'
import { StudyCode } from '@facetgrade/grading/study-code'
import type { Command } from 'commander'
import { z } from 'zod'
import type { CliContext } from '../cli-context.ts'
import { RefusedError, UsageError } from '../refusal.ts'

type StudyOption = { study: string }
type ListOptions = StudyOption & { open?: true }
type LookOptions = StudyOption & {
  patient: string
  look: string
  answers: string
  note?: string
}
type NumberOptions = StudyOption & { patient: string; vertebrae: string; view: string; transitional?: true }

const PAGE = 200
const Pin = z.string().regex(/^\d{6,12}$/)

export function registerScreen(program: Command, context: CliContext): void {
  const screen = program.command('screen').description('eligibility and level numbering of patients')
  const command = (name: string, description: string) =>
    screen.command(name).description(description).requiredOption('--study <code>')
  command('list', 'every patient: looks, standing, and what is next')
    .option('--open', 'only patients for whom somebody still has something to do')
    .action((options: ListOptions) => list(context, options))
  command('look', 'sign a look, first (coordinator) or second (investigator), by the PIN in FACETGRADE_PIN')
    .requiredOption('--patient <code>')
    .requiredOption('--look <first|second>')
    .requiredOption('--answers <code=answer,…>', 'each criterion: yes, no or unknown, such as I1=yes,E1=no')
    .option('--note <text>')
    .action((options: LookOptions) => look(context, options))
  command('number', 'confirm the level numbering of a patient (coordinator)')
    .requiredOption('--patient <code>')
    .requiredOption('--vertebrae <five|six|four>', 'free lumbar vertebrae')
    .requiredOption('--view <sagittal|anteroposterior|whole_spine>', 'where they were counted')
    .option('--transitional', 'a transitional vertebra that leaves five; four and six always have one')
    .action((options: NumberOptions) => confirmNumbering(context, options))
  command('flow', 'the flow diagram in counts').action((options: StudyOption) => flow(context, studyOf(options)))
}

function studyOf({ study }: StudyOption): string {
  const code = StudyCode.safeParse(study)
  if (!code.success) throw new UsageError('--study is lower case letters, digits and hyphens, at most 24')
  return code.data
}

async function allRows(context: CliContext, studyCode: string, open: boolean) {
  const page = (after: string | null) =>
    context.api().screening.list.query({ studyCode, open, limit: PAGE, ...(after === null ? {} : { after }) })
  const rows: Awaited<ReturnType<typeof page>>['rows'][number][] = []
  let after: string | null = null
  do {
    const found: Awaited<ReturnType<typeof page>> = await page(after)
    rows.push(...found.rows)
    after = found.next
  } while (after !== null)
  return rows
}

async function list(context: CliContext, options: ListOptions): Promise<void> {
  const rows = await allRows(context, studyOf(options), options.open === true)
  const lines = rows.map(
    ({ enrolmentNumber, patientCode, standing, isNumbered, isWithdrawn, next }) =>
      `${enrolmentNumber} ${patientCode}: ${isWithdrawn ? 'withdrawn' : standing}, ${isNumbered ? 'numbered' : 'not numbered'}${next === null ? '' : `, next: ${next}`}`,
  )
  context.done({ rows }, lines.length === 0 ? 'No patients.' : lines.join('\n'))
}

async function patientIdOf(context: CliContext, studyCode: string, patientCode: string): Promise<string> {
  const found = (await allRows(context, studyCode, false)).find((row) => row.patientCode === patientCode)
  if (!found) throw new UsageError(`--patient: the study has no patient ${patientCode}`)
  return found.patientId
}

function answersOf(text: string): Record<string, CriterionAnswer> {
  return Object.fromEntries(
    text.split(',').map((pair) => {
      const [code = '', answer] = pair.split('=').map((part) => part.trim())
      const parsed = CriterionAnswer.safeParse(answer)
      if (!parsed.success) throw new UsageError('--answers is like I1=yes,E1=no; each answer is yes, no or unknown')
      return [code, parsed.data]
    }),
  )
}

async function look(context: CliContext, options: LookOptions): Promise<void> {
  const studyCode = studyOf(options)
  const { look: name, note = null } = options
  if (name !== 'first' && name !== 'second') throw new UsageError('--look is first or second')
  const pin = Pin.safeParse(context.env['FACETGRADE_PIN'])
  if (!pin.success) {
    throw new RefusedError('PIN_MISSING', 'A look is signed: set FACETGRADE_PIN to your PIN (6 to 12 digits).')
  }
  const answers = answersOf(options.answers)
  const api = context.api()
  const patientId = await patientIdOf(context, studyCode, options.patient)
  const shown = await api.screening.show.query({ studyCode, patientId })
  const stray = Object.keys(answers).find((code) => !shown.criteria.some((criterion) => criterion.code === code))
  if (stray !== undefined) throw new UsageError(`--answers: the protocol has no criterion ${stray}`)
  const found = eligibility(
    { eligibility: { criteria: [...shown.criteria], secondLook: shown.wantsSecondLook } },
    answers,
  )
  if (found.kind === 'undecided') throw new UsageError(`--answers: still open are ${found.open.join(', ')}`)
  const signing = {
    studyCode,
    patientId,
    answers,
    decision: found.kind,
    note,
    protocolVersion: shown.protocolVersion,
    seenLookId: shown.looks.at(-1)?.lookId ?? null,
    proof: { method: 'pin' as const, pin: pin.data },
  }
  const signed = await (name === 'first'
    ? api.screening.firstLook.mutate(signing)
    : api.screening.secondLook.mutate(signing))
  context.done(
    { ...signed, decision: found.kind, codes: found.kind === 'excluded' ? found.codes : [] },
    `${options.patient}: ${found.kind}${found.kind === 'excluded' ? ` (${found.codes.join(', ')})` : ''}, signed; now ${signed.standing}.`,
  )
}

async function confirmNumbering(context: CliContext, options: NumberOptions): Promise<void> {
  const studyCode = studyOf(options)
  const numbering = LevelNumbering.safeParse({
    lumbarVertebrae: options.vertebrae,
    isTransitional: options.transitional === true || options.vertebrae !== 'five',
    confirmedOn: options.view,
  })
  if (!numbering.success)
    throw new UsageError('--vertebrae is five, six or four; --view is sagittal, anteroposterior or whole_spine')
  const api = context.api()
  const patientId = await patientIdOf(context, studyCode, options.patient)
  const shown = await api.numbering.show.query({ studyCode, patientId })
  const { version } = await api.numbering.confirm.mutate({
    studyCode,
    patientId,
    numbering: numbering.data,
    seenVersion: shown.versions[0]?.version ?? 0,
  })
  context.done(
    { patientId, version, numbering: numbering.data },
    `${options.patient}: numbering confirmed, version ${version}.`,
  )
}

async function flow(context: CliContext, studyCode: string): Promise<void> {
  const counts = await context.api().screening.flow.query({ studyCode })
  const reasons = counts.exclusions.filter(({ patients }) => patients > 0)
  const stage = (name: 'split' | 'read' | 'analysed') => {
    const parts = counts.byPart?.[name]
    return `${counts.totals[name]}${parts ? ` (training ${parts.train}, validation ${parts.validation}, test ${parts.test})` : ''}`
  }
  context.done(
    counts,
    [
      `received ${counts.received}, ${counts.waiting} waiting`,
      `screened ${counts.screened}`,
      `excluded ${counts.excluded}${reasons.length === 0 ? '' : `: ${reasons.map(({ code, patients }) => `${code} ${patients}`).join(', ')}`}`,
      `eligible ${counts.eligible}, ${counts.withdrawn} withdrawn later`,
      `split ${stage('split')}`,
      `read ${stage('read')}`,
      `analysed ${stage('analysed')}`,
    ].join('\n'),
  )
}
