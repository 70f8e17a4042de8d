import { fromPrisma, PgBoss } from 'pg-boss'
import { JOBS, type JobName, type JobPayload } from './catalog.ts'

/** Silence after which a worker counts as dead and its job runs again elsewhere. */
const HEARTBEAT_SECONDS = 10
const INSERTS_AT_ONCE = 500
const APP_ROLE = 'facetgrade_app'

type Transaction = Parameters<typeof fromPrisma>[0]

/** Where a job lies after its last attempt. */
export const deadLetter = <N extends JobName>(name: N): `${N}.dead` => `${name}.dead`

/** As owner, at migration: the queue's schema, one queue per job with its dead letter, and the application's rights. */
export async function installQueue(ownerUrl: string): Promise<void> {
  const boss = new PgBoss({ connectionString: ownerUrl, supervise: false, schedule: false })
  await boss.start()
  try {
    for (const [name, job] of Object.entries(JOBS)) {
      const options = {
        retryLimit: job.retryLimit,
        retryBackoff: true,
        retryDelay: 1,
        retryDelayMax: 60,
        expireInSeconds: job.expireInSeconds,
        heartbeatSeconds: HEARTBEAT_SECONDS,
        notify: true,
      }
      await boss.createQueue(deadLetter(name as JobName))
      await boss.createQueue(name, { ...options, deadLetter: deadLetter(name as JobName) })
      // A queue that an earlier version made keeps its settings otherwise.
      await boss.updateQueue(name, options)
    }
    const db = boss.getDb()
    await db.executeSql(`GRANT USAGE ON SCHEMA pgboss TO ${APP_ROLE}`)
    await db.executeSql(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA pgboss TO ${APP_ROLE}`)
    await db.executeSql(`GRANT USAGE ON ALL SEQUENCES IN SCHEMA pgboss TO ${APP_ROLE}`)
    await db.executeSql(`GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA pgboss TO ${APP_ROLE}`)
  } finally {
    await boss.stop({ graceful: false })
  }
}

/**
 * A running queue under the application's role. `supervise`, on in workers only: looks for dead workers' jobs, and is
 * woken by the database when a job comes.
 */
export async function openQueue(appUrl: string, options: { supervise: boolean }): Promise<PgBoss> {
  const boss = new PgBoss({
    connectionString: appUrl,
    max: 4,
    migrate: false,
    createSchema: false,
    schedule: false,
    supervise: options.supervise,
    useListenNotify: options.supervise,
    superviseIntervalSeconds: 1,
    maintenanceIntervalSeconds: 60,
    monitorIntervalSeconds: 1,
  })
  await boss.start()
  return boss
}

/** Puts the job into the caller's transaction: it exists exactly when the change that asked for it does. */
export async function enqueue<N extends JobName>(
  at: { boss: PgBoss; transaction: Transaction },
  name: N,
  payload: JobPayload<N>,
): Promise<void> {
  const id = await at.boss.send(name, payload, { db: fromPrisma(at.transaction) })
  if (id === null) throw new Error(`job ${name} was not accepted by the queue`)
}

/**
 * As `enqueue`, many of one kind: they exist together or not at all. Each has a lower priority than the one before it: jobs
 * of one transaction are of one age, and by age alone one that a dead worker held would come after all that still wait.
 * Two long lists share the workers turn by turn, and a short one does not wait for a long one.
 */
export async function enqueueAll<N extends JobName>(
  at: { boss: PgBoss; transaction: Transaction },
  name: N,
  payloads: readonly JobPayload<N>[],
): Promise<void> {
  for (let from = 0; from < payloads.length; from += INSERTS_AT_ONCE) {
    const jobs = payloads
      .slice(from, from + INSERTS_AT_ONCE)
      .map((data, index) => ({ data, priority: -(from + index) }))
    await at.boss.insert(name, jobs, { db: fromPrisma(at.transaction) })
  }
}
