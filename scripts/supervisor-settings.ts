import { randomBytes } from 'node:crypto'
import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { type Environment, parseEnvironment } from '../apps/api/src/environment.ts'

export const ROOT = resolve(import.meta.dirname, '..')

/** What stops a start and what to do about it, in one sentence. */
export class StartRefusal extends Error {}

/** The supervisor's own settings; the api's are judged by its own schema (`judgeApiEnvironment`). */
const Settings = z.object({
  FACETGRADE_DATA: z.string().min(1).default(join(ROOT, 'data')),
  FACETGRADE_HOST: z.string().min(1).default('127.0.0.1'),
  FACETGRADE_PORT: z.coerce.number().int().min(1).max(65_535).default(3000),
  FACETGRADE_URL: z.url().optional(),
  FACETGRADE_TLS_CERT: z.string().optional(),
  FACETGRADE_TLS_KEY: z.string().optional(),
  FACETGRADE_TLS_PROXY: z.string().optional(),
  /** 'stdout' for containers; 'file' puts a log per process under the data folder. */
  FACETGRADE_LOGS: z.enum(['file', 'stdout']).default('file'),
  DATABASE_URL: z.string().optional(),
  DATABASE_MIGRATION_URL: z.string().optional(),
})
export type Settings = z.infer<typeof Settings> & { dataFolder: string; origin: string; isDevelopment: boolean }

const Secrets = z.strictObject({ authSecret: z.string().min(32) })
export type Secrets = z.infer<typeof Secrets>
export type Variables = Record<string, string>

export function readSettings(
  variables: Readonly<Record<string, string | undefined>>,
  isDevelopment: boolean,
): Settings {
  const parsed = Settings.safeParse(variables)
  if (!parsed.success)
    throw new StartRefusal(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '))
  const settings = parsed.data
  if ((settings.DATABASE_URL === undefined) !== (settings.DATABASE_MIGRATION_URL === undefined)) {
    throw new StartRefusal(
      'DATABASE_URL (role facetgrade_app) and DATABASE_MIGRATION_URL (owner) belong together: set both, or neither for the embedded PostgreSQL',
    )
  }
  return { ...settings, dataFolder: resolve(settings.FACETGRADE_DATA), origin: originOf(settings), isDevelopment }
}

/** Passkeys need a name and a secure context: localhost is one, any other address must say what people type. */
function originOf(settings: z.infer<typeof Settings>): string {
  if (settings.FACETGRADE_URL !== undefined) return new URL(settings.FACETGRADE_URL).origin
  const isLoopback = ['127.0.0.1', 'localhost', '::1'].includes(settings.FACETGRADE_HOST)
  const scheme = settings.FACETGRADE_TLS_CERT === undefined ? 'http' : 'https'
  if (isLoopback) return `${scheme}://localhost:${settings.FACETGRADE_PORT}`
  // Judged before TLS would be: without it the address does not matter.
  const hasTls =
    settings.FACETGRADE_TLS_PROXY !== undefined ||
    (settings.FACETGRADE_TLS_CERT !== undefined && settings.FACETGRADE_TLS_KEY !== undefined)
  if (hasTls)
    throw new StartRefusal('Listening beyond this machine: set FACETGRADE_URL to the https address that people type')
  return `${scheme}://${settings.FACETGRADE_HOST}:${settings.FACETGRADE_PORT}`
}

/** Judges everything that can be judged before anything is made. */
export async function judge(settings: Settings): Promise<void> {
  judgeApiEnvironment(
    apiVariables(settings, { authSecret: '-'.repeat(32) }, { databaseUrl: '-', portalUrl: 'http://127.0.0.1' }),
  )
  if (!(await isFree(settings.FACETGRADE_HOST, settings.FACETGRADE_PORT))) {
    throw new StartRefusal(
      `Port ${settings.FACETGRADE_PORT} on ${settings.FACETGRADE_HOST} is taken; stop what uses it or choose another with FACETGRADE_PORT`,
    )
  }
  try {
    // Never recursively below a parent that exists: on a refusing file system that call does not return.
    const isShallow = existsSync(dirname(settings.dataFolder))
    if (!existsSync(settings.dataFolder)) mkdirSync(settings.dataFolder, { recursive: !isShallow })
    accessSync(settings.dataFolder, constants.W_OK | constants.X_OK)
  } catch {
    throw new StartRefusal(
      `The data folder ${settings.dataFolder} cannot be written; mend its permissions or choose another with FACETGRADE_DATA`,
    )
  }
}

function judgeApiEnvironment(variables: Variables): Environment {
  try {
    const environment = parseEnvironment(variables)
    if (
      environment.FACETGRADE_HOST !== '127.0.0.1' &&
      new URL(environment.FACETGRADE_URL).hostname !== 'localhost' &&
      !environment.FACETGRADE_URL.startsWith('https:')
    ) {
      throw new Error('FACETGRADE_URL must be an https address when people come from other machines')
    }
    for (const file of [environment.FACETGRADE_TLS_CERT, environment.FACETGRADE_TLS_KEY])
      if (file !== undefined) readFileSync(file)
    return environment
  } catch (error) {
    throw new StartRefusal(error instanceof Error ? error.message : String(error))
  }
}

/** Made once, readable by the owner of the installation alone. Losing it signs everyone out and voids their codes. */
export function readSecrets(dataFolder: string): Secrets {
  const file = join(dataFolder, 'secrets.json')
  if (!existsSync(file))
    writeFileSync(file, JSON.stringify({ authSecret: randomBytes(48).toString('base64url') }), {
      mode: 0o600,
      flag: 'wx',
    })
  const parsed = Secrets.safeParse(JSON.parse(readFileSync(file, 'utf8')))
  if (!parsed.success) throw new StartRefusal(`${file} is not what this program wrote; restore it from the backup`)
  return parsed.data
}

export function apiVariables(
  settings: Settings,
  secrets: Secrets,
  at: { databaseUrl: string; portalUrl: string },
): Variables {
  const tls = {
    FACETGRADE_TLS_CERT: settings.FACETGRADE_TLS_CERT,
    FACETGRADE_TLS_KEY: settings.FACETGRADE_TLS_KEY,
    FACETGRADE_TLS_PROXY: settings.FACETGRADE_TLS_PROXY,
  }
  const given = Object.entries(tls).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))
  return {
    ...Object.fromEntries(given),
    DATABASE_URL: at.databaseUrl,
    FACETGRADE_DATA: settings.dataFolder,
    FACETGRADE_HOST: settings.FACETGRADE_HOST,
    FACETGRADE_PORT: String(settings.FACETGRADE_PORT),
    FACETGRADE_URL: settings.origin,
    FACETGRADE_PORTAL_URL: at.portalUrl,
    FACETGRADE_AUTH_SECRET: secrets.authSecret,
    FACETGRADE_MODE: settings.isDevelopment ? 'development' : 'production',
  }
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((done) => {
    const probe = createServer()
    probe.once('error', () => done(false))
    probe.listen(port, host, () => probe.close(() => done(true)))
  })
}

/** A port of this machine that nobody uses now; for the pages, which only the api reaches. */
export function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer()
    probe.once('error', fail)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => (typeof address === 'object' && address ? done(address.port) : fail(new Error('no port'))))
    })
  })
}
