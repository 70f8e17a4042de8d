import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, statSync, writeSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { createKeyFile, type KeyFile, KeyFileError, parseKeyFile } from '@facetgrade/dicom/study-key'
import { RefusedError } from './refusal.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Outside the data folder and outside the repository: a backup of the one never carries the other. */
const localKeyFile = (env: Environment): string =>
  join(env['XDG_CONFIG_HOME'] ?? join(env['HOME'] ?? homedir(), '.config'), 'facetgrade', 'local.key')

/** @throws {RefusedError} KEY_FILE_EXISTS, KEY_FILE_UNWRITABLE */
export function writeKeyFile(path: string, key: KeyFile): void {
  let file: number
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    file = openSync(path, 'wx', 0o600)
  } catch (error) {
    if (isCode(error, 'EEXIST'))
      throw new RefusedError('KEY_FILE_EXISTS', `${path} exists already and is not overwritten.`)
    throw new RefusedError('KEY_FILE_UNWRITABLE', `${path} cannot be written.`)
  }
  try {
    writeSync(file, `${JSON.stringify(key, null, 2)}\n`)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** @throws {RefusedError} KEY_FILE_MISSING, KEY_FILE_OPEN, KEY_FILE_INVALID */
export function readKeyFile(path: string): KeyFile {
  let text: string
  try {
    const { mode } = statSync(path)
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new RefusedError('KEY_FILE_OPEN', `${path} can be read by others on this machine. Run: chmod 600 ${path}`)
    }
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof RefusedError) throw error
    throw new RefusedError(
      'KEY_FILE_MISSING',
      `The key file ${path} cannot be read. Without the study's own key nothing is imported.`,
    )
  }
  try {
    return parseKeyFile(text)
  } catch (error) {
    if (error instanceof KeyFileError) throw new RefusedError('KEY_FILE_INVALID', error.message)
    throw error
  }
}

/**
 * The key that a command uses: the named file, else this machine's own for a trial on one machine, made once. It is made
 * only when no study has a key yet that would be another: `mayCreate`.
 */
export function keyFor(options: { keyFile: string | undefined; env: Environment; mayCreate: boolean }): KeyFile {
  if (options.keyFile !== undefined) return readKeyFile(options.keyFile)
  const path = localKeyFile(options.env)
  if (!existsSync(path)) {
    if (!options.mayCreate) {
      throw new RefusedError(
        'KEY_FILE_MISSING',
        `This study already has a key, and this machine's own key (${path}) is missing. Name the study's key with --key-file.`,
      )
    }
    writeKeyFile(path, createKeyFile(new Date().toISOString()))
  }
  return readKeyFile(path)
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code
