import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { RefusedError, UsageError } from './refusal.ts'

type Environment = Readonly<Record<string, string | undefined>>

const Address = z.object({ url: z.url() })
const REPOSITORY = join(import.meta.dirname, '..', '..', '..')

export const dataFolder = (env: Environment): string => env['FACETGRADE_DATA'] ?? join(REPOSITORY, 'data')

/** FACETGRADE_URL, else where the local installation said it listens (address.json in its data folder). */
export function addressOf(env: Environment): string {
  const url = env['FACETGRADE_URL']
  if (url) {
    if (!URL.canParse(url))
      throw new UsageError('FACETGRADE_URL is not an address; write for example https://host:3000')
    return url
  }
  const file = join(dataFolder(env), 'address.json')
  if (!existsSync(file)) {
    throw new RefusedError(
      'NOT_RUNNING',
      'No local installation is running. Start it with `pnpm start`, or set FACETGRADE_URL to another one.',
    )
  }
  return Address.parse(JSON.parse(readFileSync(file, 'utf8'))).url
}

export function tokenOf(env: Environment): string {
  const token = env['FACETGRADE_TOKEN']
  if (token) return token
  throw new RefusedError(
    'TOKEN_MISSING',
    'Study commands act as a person: make a personal token in the portal (your name, Tokens) and set FACETGRADE_TOKEN to it.',
  )
}
