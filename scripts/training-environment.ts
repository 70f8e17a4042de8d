import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export const TRAINING = join(import.meta.dirname, '..', 'models', 'training')
const ENVIRONMENT = join(TRAINING, '.venv')
const STAMP = join(ENVIRONMENT, 'lock.sha256')
const NAMES = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11'] as const

/** Path of a Python of at least 3.11 that can make environments, or undefined where this machine has none. */
export function suitablePython(): string | undefined {
  const test = 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))'
  return NAMES.find((name) => spawnSync(name, ['-c', test], { stdio: 'ignore' }).status === 0)
}

/**
 * Python of the training environment: made in one go from the hash-locked list on the first call and whenever the list
 * has changed, from whatever package registry this machine is set up for.
 */
export function trainingPython(python: string): string {
  const interpreter = join(ENVIRONMENT, 'bin', 'python')
  const lock = createHash('sha256')
    .update(readFileSync(join(TRAINING, 'requirements.lock')))
    .digest('hex')
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === lock) return interpreter
  process.stderr.write('making the training environment (models/training/.venv, some 5 GB, once)\n')
  rmSync(ENVIRONMENT, { recursive: true, force: true })
  must(python, ['-m', 'venv', ENVIRONMENT])
  must(interpreter, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', 'uv'])
  const install = ['pip', 'install', '--quiet', '--python', interpreter, '--require-hashes', '-r', 'requirements.lock']
  must(join(ENVIRONMENT, 'bin', 'uv'), install)
  writeFileSync(STAMP, lock)
  return interpreter
}

function must(program: string, args: readonly string[]): void {
  const { status } = spawnSync(program, args, { cwd: TRAINING, stdio: ['ignore', 'inherit', 'inherit'] })
  if (status !== 0) throw new Error(`the training environment could not be made: ${args.join(' ')} failed`)
}
