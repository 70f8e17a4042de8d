import { spawnSync } from 'node:child_process'
import { test } from 'vitest'

export type Ran = { readonly status: number; readonly out: string }

/** Runs a tool to its end; what it said on both channels. */
export function ranTool(tool: string, args: readonly string[], folder: string): Ran {
  const { status, stdout, stderr, error } = spawnSync(tool, args, { cwd: folder, encoding: 'utf8', maxBuffer: 1e8 })
  if (error) throw error
  return { status: status ?? -1, out: stdout + stderr }
}

/**
 * `test` where the tool answers; elsewhere a test that says aloud that it did not run. Where nothing may be skipped
 * (FACETGRADE_NO_SKIP) it runs, and fails for want of the tool.
 */
export function testWith(need: string, probe: readonly [tool: string, ...args: string[]]) {
  const [tool, ...args] = probe
  const isThere = spawnSync(tool, args, { stdio: 'ignore' }).status === 0
  if (isThere || process.env['FACETGRADE_NO_SKIP']) return test
  process.stdout.write(`skipped (needs ${need})\n`)
  return test.skip
}

export const R = [
  'Rscript',
  '-e',
  'stopifnot(requireNamespace("survey"), requireNamespace("pROC"), requireNamespace("jsonlite"))',
] as const

/** The Python that `.ci/run` furnishes, or Debian's. */
const PYTHON_PATH = process.env['FACETGRADE_READERS_PYTHON'] ?? '/usr/bin/python3'
export const PYTHON = [PYTHON_PATH, '-c', 'import pandas, openpyxl, pyarrow'] as const
