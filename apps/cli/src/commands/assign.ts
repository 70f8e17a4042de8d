import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { RefusedError } from '../refusal.ts'
import { studyOf } from '../study-option.ts'

type Options = { study: string }

export function registerAssign(program: Command, context: CliContext): void {
  const assign = program.command('assign').description('cases of a study: hand out, follow, verify')
  const command = (name: string, description: string) =>
    assign
      .command(name, { isDefault: name === 'create' })
      .description(description)
      .requiredOption('--study <code>')
  command('create', 'hand out every case that is not handed out yet; changes nothing that stands').action(
    (options: Options) => create(context, studyOf(options)),
  )
  command('progress', 'signed and open cases per reader, without grades').action((options: Options) =>
    progress(context, studyOf(options)),
  )
  command(
    'verify',
    'walk the hash chain of every reading and all checkpoints; exit 3 when something does not hold',
  ).action((options: Options) => verify(context, studyOf(options)))
  command('checkpoint', 'seal the heads of all reading chains').action((options: Options) =>
    checkpoint(context, studyOf(options)),
  )
}

async function create(context: CliContext, studyCode: string): Promise<void> {
  const created = await context.api().assignments.create.mutate({ studyCode })
  const lines = created.added.map(({ readerCode, cases, casesBetweenSamePatient: { wanted, achieved } }) =>
    [
      `${readerCode}: ${cases} cases`,
      achieved === null ? [] : `at least ${achieved} cases between two of one patient (wanted ${wanted})`,
    ]
      .flat()
      .join(', '),
  )
  if (lines.length === 0) lines.push('Every case is handed out already.')
  if (created.withoutNumbering > 0)
    lines.push(`${created.withoutNumbering} patients wait for a confirmed level numbering.`)
  if (created.withoutCompleteExam > 0)
    lines.push(`${created.withoutCompleteExam} exams have no image that may be graded.`)
  for (const group of created.shortGroups) lines.push(`The group ${group} has fewer readers than the protocol wants.`)
  context.done(created, lines.join('\n'))
}

async function progress(context: CliContext, studyCode: string): Promise<void> {
  const { readers } = await context.api().assignments.progress.query({ studyCode })
  const lines = readers.map(
    ({ readerCode, assigned, signed, drafts, returned, isActive }) =>
      `${readerCode}${isActive ? '' : ' (left)'}: ${signed} of ${assigned} signed, ${drafts} in work, ${returned} returned`,
  )
  context.done({ readers }, lines.join('\n'))
}

async function verify(context: CliContext, studyCode: string): Promise<void> {
  const found = await context.api().readings.verifyChains.query({ studyCode })
  const [first] = found.faults
  if (first) {
    const where = `reading ${first.readingId || '–'} of ${first.readerCode ?? '–'}, event ${first.sequence ?? '–'}: ${first.reason}`
    throw new RefusedError('CHAIN_BROKEN', `${found.faults.length} faults; the first: ${where}`, {
      readingId: first.readingId,
      sequence: first.sequence ?? 0,
      reason: first.reason,
    })
  }
  context.done(
    found,
    `${found.readings} readings, ${found.events} events, ${found.checkpoints} checkpoints: all intact.`,
  )
}

async function checkpoint(context: CliContext, studyCode: string): Promise<void> {
  const written = await context.api().readings.checkpoint.mutate({ studyCode })
  context.done(written, `Checkpoint ${written.hash.slice(0, 12)} over ${written.readings} changed readings.`)
}
