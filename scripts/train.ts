import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { suitablePython, TRAINING, trainingPython } from './training-environment.ts'

/**
 * `pnpm train --export <folder> --out <folder> …`: makes the Python environment when it is not there, then trains.
 * All options are the training's own (`pnpm train --help`); paths are as seen from where the command is given.
 */
const PATHS = new Set(['--export', '--out'])

const python = suitablePython()
if (python === undefined) {
  process.stderr.write('NO_PYTHON: Training needs Python 3.11 or newer with its venv module.\n')
  process.exit(3)
}
const given = process.argv.slice(2)
const args = given.map((arg, index) => (PATHS.has(given[index - 1] ?? '') ? resolve(arg) : arg))
const child = spawn(trainingPython(python), ['-m', 'facetgrade_training', ...args], { cwd: TRAINING, stdio: 'inherit' })
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
child.once('error', (error) => {
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
})
child.once('exit', (code) => {
  process.exitCode = code ?? 1
})
