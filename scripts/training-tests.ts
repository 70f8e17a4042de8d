import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suitablePython, TRAINING, trainingPython } from './training-environment.ts'

export type Tally = { passed: number; failed: number; skipped: number }

/** Format, lint, types and tests of `models/training`; without a suitable Python one loud skip. */
export function trainingTests(withGates: boolean): Tally {
  const python = suitablePython()
  if (python === undefined) {
    process.stdout.write('\n── training tests: skipped (needs Python 3.11)\n')
    return { passed: 0, failed: 0, skipped: 1 }
  }
  const interpreter = trainingPython(python)
  const tally: Tally = { passed: 0, failed: 0, skipped: 0 }
  const run = (args: readonly string[]) =>
    spawnSync(interpreter, ['-m', ...args], { cwd: TRAINING, stdio: ['ignore', 'inherit', 'inherit'] }).status === 0
  const gates = withGates ? [['ruff', 'format', '--check', '-q', '.'], ['ruff', 'check', '-q', '.'], ['mypy']] : []
  for (const gate of gates) {
    if (run(gate)) tally.passed += 1
    else tally.failed += 1
  }
  return sum(tally, pytest(run))
}

function pytest(run: (args: readonly string[]) => boolean): Tally {
  const folder = mkdtempSync(join(tmpdir(), 'facetgrade-training-'))
  const report = join(folder, 'junit.xml')
  const isGreen = run(['pytest', `--junitxml=${report}`])
  const counted = readJunit(report)
  rmSync(folder, { recursive: true, force: true })
  // A crash outside any test is a failure too.
  return { ...counted, failed: isGreen ? counted.failed : Math.max(1, counted.failed) }
}

function readJunit(file: string): Tally {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  }
  const count = (name: string) => Number(new RegExp(`<testsuite [^>]*\\b${name}="(\\d+)"`).exec(text)?.[1] ?? 0)
  const failed = count('failures') + count('errors')
  return { passed: count('tests') - failed - count('skipped'), failed, skipped: count('skipped') }
}

const sum = (a: Tally, b: Tally): Tally => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
})
