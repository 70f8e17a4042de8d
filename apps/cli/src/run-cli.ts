import { Command } from 'commander'
import { openApi } from './api.ts'
import type { CliContext } from './cli-context.ts'
import { COMMANDS } from './commands.ts'
import { failureOf } from './failure.ts'
import { addressOf, tokenOf } from './installation.ts'
import { startProgress } from './progress.ts'

export type CliHost = {
  env: Readonly<Record<string, string | undefined>>
  out: (text: string) => void
  err: (text: string) => void
  /** Standard error is a terminal. */
  isTerminal: boolean
  now: () => number
}

/** Runs one command and answers its exit status: 0 done, 1 unexpected, 2 usage, 3 refused. */
export async function runCli(args: readonly string[], host: CliHost): Promise<number> {
  const program = new Command('facetgrade')
    .description(
      'Reader studies of lumbar facet joints from a shell. Study commands act as the person of FACETGRADE_TOKEN.',
    )
    .option('--json', 'print one JSON value on standard output')
    .configureOutput({ writeOut: (text) => host.out(text), writeErr: (text) => host.err(text) })
    .showHelpAfterError()
    .exitOverride()
  let exit: number = 0
  const context: CliContext = {
    env: host.env,
    isJson: () => program.opts()['json'] === true,
    address: () => addressOf(host.env),
    token: () => tokenOf(host.env),
    api: () => openApi(addressOf(host.env), tokenOf(host.env)),
    done: (value, text) => host.out(`${context.isJson() ? JSON.stringify(value) : text}\n`),
    say: (line) => {
      host.err(`${line}\n`)
    },
    progress: (size) => startProgress(size, { write: host.err, isTerminal: host.isTerminal, now: host.now }),
    exitWith: (status) => {
      exit = status
    },
  }
  for (const register of COMMANDS) register(program, context)
  try {
    await program.parseAsync([...args], { from: 'user' })
    return exit
  } catch (error) {
    const { exit: status, sentence, ...failure } = failureOf(error)
    if (status === 0) return 0
    if (context.isJson()) host.out(`${JSON.stringify({ error: { ...failure, message: sentence } })}\n`)
    else if (sentence !== '')
      host.err(`${sentence}${status === 3 ? ` (${failure.code})` : ''}${detailText(failure.details)}\n`)
    return status
  }
}

const detailText = (details: Readonly<Record<string, unknown>> | undefined): string =>
  details
    ? `\n${Object.entries(details)
        .map(([name, value]) => `  ${name}: ${String(value)}`)
        .join('\n')}`
    : ''
