import { spawnSync } from 'node:child_process'

export type Ran = { readonly status: number; readonly out: string }

/** Runs a tool to its end; what it said on both channels. */
export function ranTool(tool: string, args: readonly string[], folder: string): Ran {
  const { status, stdout, stderr, error } = spawnSync(tool, args, { cwd: folder, encoding: 'utf8', maxBuffer: 1e8 })
  if (error) throw error
  return { status: status ?? -1, out: stdout + stderr }
}

/**
 * Whether the tool is not there; said aloud once. Where nothing may be skipped (FACETGRADE_NO_SKIP) the test runs all the same,
 * and fails for want of the tool.
 */
export function isWithout(need: string, probe: readonly [tool: string, ...args: string[]]): boolean {
  const [tool, ...args] = probe
  if (process.env['FACETGRADE_NO_SKIP'] || spawnSync(tool, args, { stdio: 'ignore' }).status === 0) return false
  process.stdout.write(`skipped (needs ${need})\n`)
  return true
}

export const R = [
  'Rscript',
  '-e',
  'stopifnot(requireNamespace("survey"), requireNamespace("pROC"), requireNamespace("jsonlite"))',
] as const

/** The Python that `.ci/run` furnishes, or Debian's. */
const PYTHON_PATH = process.env['FACETGRADE_READERS_PYTHON'] ?? '/usr/bin/python3'
export const PYTHON = [PYTHON_PATH, '-c', 'import pandas, openpyxl, pyarrow'] as const
