import type { Api } from './api.ts'
import type { Progress, ProgressSize } from './progress.ts'

/** What a command gets besides its arguments. Nothing here ever asks a question: the command line runs unattended. */
export type CliContext = {
  env: Readonly<Record<string, string | undefined>>
  /** `--json`: one JSON value on standard output, nothing else. */
  isJson(): boolean
  /** Address of the installation: FACETGRADE_URL, else the local one as its supervisor wrote it down. */
  address(): string
  /** FACETGRADE_TOKEN. @throws {RefusedError} TOKEN_MISSING */
  token(): string
  /** The API, as the person whose token it is. */
  api(): Api
  /** The command's result: `value` with `--json`, else `text`. */
  done(value: unknown, text: string): void
  /** A line on standard error: which part of long work begins. */
  say(line: string): void
  /** Progress on standard error. */
  progress(size: ProgressSize): Progress
  /** Exit status when nothing was refused as a whole: 0, or 3 with `--strict` and refused files. */
  exitWith(status: 0 | 3): void
}
