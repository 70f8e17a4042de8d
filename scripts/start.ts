import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { watchRunners } from './supervisor-ancestors.ts'
import { buildPortal, generateClient, nextBinary, run, stopRuns } from './supervisor-build.ts'
import { type Child, type ChildPlan, keepAlive } from './supervisor-child.ts'
import { stopOrphan } from './supervisor-orphan.ts'
import { watchSources } from './supervisor-reload.ts'
import {
  apiVariables,
  freePort,
  judge,
  ROOT,
  readSecrets,
  readSettings,
  type Settings,
  StartRefusal,
} from './supervisor-settings.ts'

const Urls = z.object({ appUrl: z.string(), ownerUrl: z.string(), clusterFolder: z.string().optional() })
type Urls = z.infer<typeof Urls>
const PORTAL_PATIENCE_MS = 60_000

const say = (line: string): void => void process.stdout.write(`${line}\n`)
const children: Child[] = []
/** The embedded PostgreSQL's, when there is one. */
let keeper: Child | undefined
let clusterFolder: string | undefined
let stopping: Promise<void> | undefined

// Signals come twice: from the terminal's group and from the package runner. The second finds the stop under way.
process.on('SIGINT', () => void stop(0))
process.on('SIGTERM', () => void stop(0))
process.on('SIGHUP', () => void stop(0))
watchRunners(() => void stop(0))

try {
  await start(readSettings(process.env, process.argv.includes('--dev')))
} catch (error) {
  if (!stopping) {
    process.stderr.write(
      `${error instanceof StartRefusal ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
    )
    await stop(1)
  }
}

async function start(settings: Settings): Promise<void> {
  await judge(settings)
  const secrets = readSecrets(settings.dataFolder)
  await generateClient(say)
  if (!settings.isDevelopment) await buildPortal(say)
  const portalPort = await freePort()
  const portalUrl = `http://127.0.0.1:${portalPort}`
  const portal = keep(settings, portalPlan(settings, portalPort))

  const urls = await database(settings)
  const owner = { DATABASE_MIGRATION_URL: urls.ownerUrl }
  await run('The database could not be migrated', [join(ROOT, 'packages/db/src/migrate-main.ts')], { variables: owner })
  await run('The job queue could not be installed', [join(ROOT, 'packages/jobs/src/install-main.ts')], {
    variables: owner,
  })
  const variables = apiVariables(settings, secrets, { databaseUrl: urls.appUrl, portalUrl })
  const invitation = run(
    'The first invitation could not be made',
    [join(ROOT, 'apps/api/src/first-administrator-main.ts')],
    { variables },
  )
  const api = keep(settings, { name: 'api', script: join(ROOT, 'apps/api/src/main.ts'), variables })
  const workerPlan = (name: string, args: readonly string[]): ChildPlan => ({
    name,
    script: join(ROOT, 'apps/worker/src/main.ts'),
    args,
    variables,
  })
  const worker = keep(settings, workerPlan('worker', ['--except', 'infer']))
  // Models run apart: one that fills the memory or the cores takes no import with it.
  const infer = keep(settings, workerPlan('infer', ['--queues', 'infer']))
  const served = [api, worker, infer]
  if (settings.isDevelopment) watchSources(['api', 'worker'], () => served.forEach((child) => child.restart()))
  await Promise.all([...served.map(({ ready }) => ready), portalAnswers(portalUrl)])
  portal.confirm()
  // Where the command line finds this installation; it holds no secret.
  writeFileSync(join(settings.dataFolder, 'address.json'), JSON.stringify({ url: settings.origin }), { mode: 0o644 })
  greet(settings, (await invitation).trim())
}

function keep(settings: Settings, plan: ChildPlan): Child {
  if (stopping) throw new StartRefusal('stopped')
  const log = settings.isDevelopment ? 'stdout' : settings.FACETGRADE_LOGS
  const child = keepAlive(plan, { log, dataFolder: settings.dataFolder, say })
  children.push(child)
  // A child that never gets going ends the start; afterwards its promise is settled and only restarts are left.
  child.ready.catch(async (error: unknown) => {
    if (stopping) return
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    await stop(1)
  })
  return child
}

/** Given, or the embedded server's: it keeps its port and passwords, so a server started again is the same address. */
async function database(settings: Settings): Promise<Urls> {
  const { DATABASE_URL: appUrl, DATABASE_MIGRATION_URL: ownerUrl } = settings
  if (appUrl !== undefined && ownerUrl !== undefined) return { appUrl, ownerUrl }
  const folder = join(settings.dataFolder, 'postgres')
  keeper = keep(settings, {
    name: 'postgres',
    script: join(ROOT, 'scripts/supervisor-postgres.ts'),
    args: [folder],
    variables: {},
  })
  const urls = Urls.parse(await keeper.ready)
  clusterFolder = urls.clusterFolder
  if (urls.clusterFolder !== folder) {
    say(
      `The database lies in ${urls.clusterFolder}: PostgreSQL does not run as root, and its own user cannot enter ${folder}`,
    )
  }
  return urls
}

function portalPlan(settings: Settings, port: number): ChildPlan {
  const variables = { NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: settings.isDevelopment ? 'development' : 'production' }
  const args = [settings.isDevelopment ? 'dev' : 'start', '-H', '127.0.0.1', '-p', String(port)]
  return { name: 'portal', script: nextBinary(), args, cwd: join(ROOT, 'apps/portal'), variables }
}

async function portalAnswers(url: string): Promise<void> {
  for (const deadline = Date.now() + PORTAL_PATIENCE_MS; !stopping; ) {
    try {
      await fetch(url, { redirect: 'manual' })
      return
    } catch (error) {
      if (Date.now() > deadline) throw new StartRefusal('The pages do not answer', { cause: error })
      await new Promise((next) => setTimeout(next, 100))
    }
  }
}

function greet(settings: Settings, invitation: string): void {
  if (stopping) return
  say(`\nFacetGrade is running at ${settings.origin}`)
  if (invitation !== '')
    say(`The first administrator comes in here, once, within 72 hours:\n  ${settings.origin}${invitation}`)
  if (settings.FACETGRADE_LOGS === 'file' && !settings.isDevelopment)
    say(`Logs: ${join(settings.dataFolder, 'logs')}. Stop with Ctrl-C.`)
}

/** The database last: the api and the worker drain into it. */
async function stop(code: number): Promise<void> {
  stopping ??= (async () => {
    stopRuns()
    await Promise.all(children.filter((child) => child !== keeper).map((child) => child.stop()))
    await keeper?.stop()
    if (clusterFolder !== undefined) await stopOrphan(clusterFolder)
  })()
  await stopping
  process.exit(code)
}
