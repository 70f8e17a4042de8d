import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { ROOT, StartRefusal, type Variables } from './supervisor-settings.ts'

const PORTAL = join(ROOT, 'apps', 'portal')
const PORTAL_SOURCES = [
  'apps/portal/**/*',
  'packages/{ui,grading,dicom,study,jobs,evaluation}/src/**/*',
  'packages/{ui,grading,dicom,study}/package.json',
  'protocols/*',
  'pnpm-lock.yaml',
  'tsconfig.base.json',
]
/** How long a build that another start of this checkout has under way is waited for. */
const OTHER_BUILD_MS = 180_000
const DB = join(ROOT, 'packages', 'db')

export const nextBinary = (): string => createRequire(join(PORTAL, 'package.json')).resolve('next/dist/bin/next')

/** The database client, from the schema. */
export async function generateClient(say: (line: string) => void): Promise<void> {
  const stamp = join(DB, 'src', 'generated', '.sources')
  const hash = hashOf(['packages/db/prisma/schema.prisma', 'packages/db/package.json', 'pnpm-lock.yaml'])
  if (isStamped(stamp, hash)) return
  say('generating the database client')
  const prisma = createRequire(join(DB, 'package.json')).resolve('prisma/build/index.js')
  // The schema engine is a download that a closed network refuses; generating does not use it.
  await run('The database client could not be generated', [prisma, 'generate'], {
    cwd: DB,
    variables: { PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true', PRISMA_HIDE_UPDATE_MESSAGE: '1' },
  })
  writeFileSync(stamp, hash)
}

/** The pages, when their sources changed since the last build. */
export async function buildPortal(say: (line: string) => void): Promise<void> {
  const stamp = join(PORTAL, '.next', '.sources')
  const hash = hashOf(PORTAL_SOURCES)
  if (isStamped(stamp, hash)) return
  say('building the pages (once after each change; about half a minute)')
  for (const deadline = Date.now() + OTHER_BUILD_MS; ; ) {
    try {
      await run('The pages could not be built', [nextBinary(), 'build'], {
        cwd: PORTAL,
        variables: { NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' },
      })
      break
    } catch (error) {
      // Another start of the same checkout is building: its result serves both.
      const isElsewhere = error instanceof StartRefusal && error.message.includes('Another next build process')
      if (!isElsewhere || Date.now() > deadline) throw error
      await new Promise((next) => setTimeout(next, 1000))
      if (isStamped(stamp, hash)) return
    }
  }
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, hash)
}

const underWay = new Set<ChildProcess>()

/** Ends what `run` has under way: a stop in the middle of a build leaves no build behind. */
export function stopRuns(): void {
  for (const child of underWay) child.kill('SIGTERM')
}

/** Runs a Node program to its end; a failure shows what it printed. Returns its standard output. */
export function run(
  failure: string,
  args: readonly string[],
  options: { cwd?: string; variables?: Variables } = {},
): Promise<string> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, ['--no-warnings', ...args], {
      cwd: options.cwd ?? ROOT,
      env: { ...process.env, ...options.variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    underWay.add(child)
    let [output, everything] = ['', '']
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8')
      everything += chunk.toString('utf8')
    })
    child.stderr.on('data', (chunk: Buffer) => {
      everything += chunk.toString('utf8')
    })
    child.once('error', fail)
    child.once('exit', () => underWay.delete(child))
    child.once('exit', (code) =>
      code === 0
        ? done(output)
        : fail(new StartRefusal(`${failure}:\n${everything.trim().split('\n').slice(-25).join('\n')}`)),
    )
  })
}

const isStamped = (stamp: string, hash: string): boolean => existsSync(stamp) && readFileSync(stamp, 'utf8') === hash

function hashOf(patterns: readonly string[]): string {
  const hash = createHash('sha256')
  const isLeftOut = (path: string) =>
    /(^|\/)(node_modules|\.next|\.turbo|test)(\/|$)|\.test\.tsx?$|next-env\.d\.ts$|\.tsbuildinfo$/.test(path)
  const files = globSync([...patterns], {
    cwd: ROOT,
    withFileTypes: true,
    exclude: (entry) => isLeftOut(`${entry.parentPath}/${entry.name}`),
  })
  for (const path of files
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()) {
    hash
      .update(`${path.slice(ROOT.length)}\0`)
      .update(readFileSync(path))
      .update('\0')
  }
  return hash.digest('hex')
}
