import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { connect } from '@facetgrade/db/connect'
import { openNodePool } from '@facetgrade/dicom/node-pool'
import { openQueue } from '@facetgrade/jobs/queue'
import { openBlobFolder } from '@facetgrade/storage/blob-store'
import { pino } from 'pino'
import { consume } from './consume.ts'
import { Environment } from './environment.ts'
import { describeFailure } from './failure.ts'
import { QUEUE_GROUPS, type QueueGroup } from './handlers.ts'
import { openModelProcesses } from './infer/model-processes.ts'
import { workerContext } from './worker-context.ts'

const DRAIN_MS = 6000
/** A study has a grader and a localiser; a third is another study's. */
const MODELS_HELD = 3

const { environment, groups } = settingsOrExit()
const log = pino({ level: environment.FACETGRADE_LOG_LEVEL, base: { process: 'worker' } })
const db = connect(environment.DATABASE_URL, { max: 6 })
const boss = await openQueue(environment.DATABASE_URL, { supervise: true })
boss.on('error', (error) => log.error({ failure: describeFailure(error) }, 'queue'))
const parsing = openNodePool({ size: availableParallelism(), keyed: null })
const blobs = await openBlobFolder(join(environment.FACETGRADE_DATA, 'blobs'))
const packs = await openBlobFolder(join(environment.FACETGRADE_DATA, 'packs'))
const models = openModelProcesses({
  folders: {
    models: join(environment.FACETGRADE_DATA, 'models'),
    blobs: join(environment.FACETGRADE_DATA, 'blobs'),
  },
  provider: environment.FACETGRADE_EXECUTION_PROVIDER,
  threads: environment.FACETGRADE_MODEL_THREADS ?? availableParallelism(),
  atMost: MODELS_HELD,
  log,
})
const names = await consume(boss, workerContext({ db, boss, blobs, models, packs, parsing, log }), groups)
log.info(
  { pid: process.pid, node: process.version, queues: groups, jobs: names, parsers: availableParallelism() },
  'ready',
)
process.send?.({ ready: true })

let isStopping = false
// Signals come twice (terminal and supervisor). What is in hand is finished; what is not done in time runs again elsewhere.
const stop = () => {
  if (isStopping) return
  isStopping = true
  setTimeout(() => process.exit(0), DRAIN_MS + 1000).unref()
  drain().then(
    () => process.exit(0),
    (error: unknown) => {
      log.error({ failure: describeFailure(error) }, 'did not stop cleanly')
      process.exit(1)
    },
  )
}
process.on('SIGTERM', stop)
process.on('SIGINT', stop)
process.on('disconnect', stop)

async function drain(): Promise<void> {
  await boss.stop({ graceful: true, timeout: DRAIN_MS })
  await models.close()
  await parsing.close()
  await db.$disconnect()
}

function settingsOrExit(): { environment: Environment; groups: readonly QueueGroup[] } {
  const { values } = parseArgs({
    options: { queues: { type: 'string', default: 'all' }, except: { type: 'string', default: '' } },
  })
  const listed = (text: string) => text.split(',').filter((name) => name !== '')
  const wanted = values.queues === 'all' ? [...QUEUE_GROUPS] : listed(values.queues)
  const groups = QUEUE_GROUPS.filter((group) => wanted.includes(group) && !listed(values.except).includes(group))
  const parsed = Environment.safeParse(process.env)
  const problems = parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  const isKnown = (name: string) => QUEUE_GROUPS.some((group) => group === name)
  if (groups.length === 0 || ![...wanted, ...listed(values.except)].every(isKnown))
    problems.push(`--queues is all, or some of ${QUEUE_GROUPS.join(',')}; --except leaves some out`)
  if (!parsed.success || problems.length > 0) {
    process.stderr.write(`${problems.join('; ')}\n`)
    process.exit(2)
  }
  return { environment: parsed.data, groups }
}
