import { readFileSync } from 'node:fs'
import { RefusedError } from './refusal.ts'

/** A JSON document from disk. @throws {RefusedError} FILE_MISSING, FILE_NOT_JSON */
export function readJsonFile(path: string): unknown {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    throw new RefusedError('FILE_MISSING', `${path} is not there or cannot be read.`)
  }
  try {
    return JSON.parse(text)
  } catch {
    throw new RefusedError('FILE_NOT_JSON', `${path} is not JSON: look for a missing comma, quote or bracket.`)
  }
}
