import { StudyCode } from '@facetgrade/grading/study-code'
import type { Command } from 'commander'
import { z } from 'zod'
import type { CliContext } from '../cli-context.ts'
import { readJsonFile } from '../json-file.ts'
import { UsageError } from '../refusal.ts'
import { studyOf } from '../study-option.ts'

const Kind = z.enum(['real', 'demo', 'synthetic'])
type CreateOptions = { title: string; kind: string; protocol?: string; investigator?: string }

/** Found a study (an administrator), and show one (anyone in it). */
export function registerStudy(program: Command, context: CliContext): void {
  const study = program.command('study').description('found a study, show it, list your own')
  study
    .command('create <code>')
    .description('found a study under the shipped protocol or one of your own; for administrators')
    .requiredOption('--title <text>')
    .option('--kind <kind>', 'real, demo or synthetic', 'real')
    .option('--protocol <file>', 'JSON document (default: the shipped facet-joint protocol)')
    .option('--investigator <email>', 'who leads it (default: you)')
    .action((code: string, options: CreateOptions) => create(context, code, options))
  study
    .command('show')
    .description('title, kind, key fingerprint and your roles')
    .requiredOption('--study <code>')
    .action((options: { study: string }) => show(context, studyOf(options)))
  study
    .command('list')
    .description('the studies that you are in')
    .action(() => list(context))
}

async function create(context: CliContext, code: string, options: CreateOptions): Promise<void> {
  const kind = Kind.safeParse(options.kind)
  if (!kind.success) throw new UsageError('--kind is real, demo or synthetic')
  const studyCode = StudyCode.safeParse(code)
  if (!studyCode.success) throw new UsageError('a study code is lower case letters, digits and hyphens, at most 24')
  const created = await context.api().studies.create.mutate({
    code: studyCode.data,
    title: options.title,
    kind: kind.data,
    ...(options.protocol === undefined ? {} : { document: readJsonFile(options.protocol) }),
    ...(options.investigator === undefined ? {} : { investigatorEmail: options.investigator }),
  })
  context.done(created, `Founded ${created.code} (${created.kind}).`)
}

async function show(context: CliContext, studyCode: string): Promise<void> {
  const shown = await context.api().studies.show.query({ studyCode })
  const key = shown.keyFingerprint === null ? 'no key yet: the first import fixes it' : `key ${shown.keyFingerprint}`
  context.done(shown, `${shown.code}: ${shown.title} (${shown.kind})\n${key}\nyour roles: ${shown.roles.join(', ')}`)
}

async function list(context: CliContext): Promise<void> {
  const mine = await context.api().studies.mine.query()
  const lines = mine.map(({ code, title, roles }) => `${code}  ${title}  (${roles.join(', ')})`)
  context.done(mine, lines.length === 0 ? 'You are in no study yet.' : lines.join('\n'))
}
