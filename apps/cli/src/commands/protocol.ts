import { checkProtocol } from '@facetgrade/grading/protocol'
import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { readJsonFile } from '../json-file.ts'
import { RefusedError, UsageError } from '../refusal.ts'
import { studyOf } from '../study-option.ts'

type AmendOptions = { study: string; reason: string; basedOn?: string }

/** Check, show and amend a study's protocol. */
export function registerProtocol(program: Command, context: CliContext): void {
  const protocol = program.command('protocol').description("a study's protocol: check, show, amend")
  protocol
    .command('check <file>')
    .description('what is wrong with a document, path by path; with --study also what it would change. Writes nothing')
    .option('--study <code>')
    .action((file: string, options: { study?: string }) => check(context, file, options.study))
  protocol
    .command('show')
    .description('the version in force, or another')
    .requiredOption('--study <code>')
    .option('--version-number <number>')
    .action((options: { study: string; versionNumber?: string }) => show(context, options))
  protocol
    .command('amend <file>')
    .description('write the next version, with its reason; readings keep the version they were made under')
    .requiredOption('--study <code>')
    .requiredOption('--reason <text>', 'why, for the trail')
    .option('--based-on <number>', 'refuse when another version is in force')
    .action((file: string, options: AmendOptions) => amend(context, file, options))
}

const versionOf = (text: string): number => {
  const version = Number(text)
  if (!Number.isInteger(version) || version < 1) throw new UsageError('a version is a number from 1 on')
  return version
}
const asText = (value: unknown): string => (value === undefined ? '(absent)' : JSON.stringify(value))

async function check(context: CliContext, file: string, study: string | undefined): Promise<void> {
  const document = readJsonFile(file)
  const checked =
    study === undefined
      ? checkProtocol(document)
      : await context.api().protocol.check.mutate({ studyCode: studyOf({ study }), document })
  if (!checked.ok) {
    const lines = checked.problems.map(({ path, code, message }) => `${path || '(document)'}: ${message} (${code})`)
    context.done(checked, lines.join('\n'))
    context.exitWith(3)
    return
  }
  if (!('changes' in checked)) {
    context.done({ ok: true }, `${file} is a valid protocol.`)
    return
  }
  const lines = checked.changes.map(({ path, before, after }) => `${path}: ${asText(before)} → ${asText(after)}`)
  context.done(
    checked,
    lines.length === 0 ? 'Nothing would change.' : `${lines.join('\n')}\nas version ${checked.version}`,
  )
}

async function show(context: CliContext, options: { study: string; versionNumber?: string }): Promise<void> {
  const version = options.versionNumber === undefined ? {} : { version: versionOf(options.versionNumber) }
  const shown = await context.api().protocol.show.query({ studyCode: studyOf(options), ...version })
  const head = `version ${shown.version} of ${shown.createdAt}: ${shown.reason}\nhash ${shown.hash}`
  context.done(shown, `${head}\n${JSON.stringify(shown.protocol, null, 2)}`)
}

async function amend(context: CliContext, file: string, options: AmendOptions): Promise<void> {
  const studyCode = studyOf(options)
  const document = readJsonFile(file)
  const local = checkProtocol(document)
  if (!local.ok) {
    const [first] = local.problems
    const where = first ? `${first.path || '(document)'}: ${first.message}` : ''
    throw new RefusedError('PROTOCOL_INVALID', `${where} Run protocol check for all ${local.problems.length} problems.`)
  }
  const api = context.api()
  const basedOnVersion =
    options.basedOn === undefined ? (await api.protocol.show.query({ studyCode })).version : versionOf(options.basedOn)
  const written = await api.protocol.amend.mutate({ studyCode, document, reason: options.reason, basedOnVersion })
  context.done(written, `Version ${written.version} is in force, hash ${written.hash}.`)
}
