import { type Database } from '@facetgrade/db/connect'
import { inSnapshotWall } from '@facetgrade/db/snapshot-wall'
import { storesIn } from '@facetgrade/db/stores'
import { asSystem, inWall, systemActor } from '@facetgrade/db/wall'
import type { ParsePool } from '@facetgrade/dicom/node-pool'
import { enqueue, enqueueAll } from '@facetgrade/jobs/queue'
import type { BlobStore } from '@facetgrade/storage/blob-store'
import type { Actor } from '@facetgrade/study/actor'
import type { JobQueue } from '@facetgrade/study/job-queue'
import type { OpenWall } from '@facetgrade/study/procedure'
import type { Stores } from '@facetgrade/study/stores'
import type { PgBoss } from 'pg-boss'
import type { Logger } from 'pino'
import type { ModelProcesses } from './infer/model-processes.ts'

/** What a handler gets: the study as the system, blobs, and workers that may be killed. */
export type WorkerContext = {
  /** One transaction as the system in one study; a throw rolls it back. */
  asSystemIn<T>(studyId: string, work: (ctx: { stores: Stores; queue: JobQueue }) => Promise<T>): Promise<T>
  /** One transaction under a person's own wall that sees one moment of the study, however long it takes. */
  inSnapshot<T>(actor: Actor, work: (wall: Pick<OpenWall, 'stores' | 'asSystem'>) => Promise<T>): Promise<T>
  blobs: BlobStore
  /** Models, each in a process of its own. */
  models: ModelProcesses
  /** Uploads as they arrived; gone when their files are in `blobs`. */
  packs: BlobStore
  parsing: ParsePool
  log: Logger
}

export function workerContext(
  parts: { db: Database; boss: PgBoss } & Omit<WorkerContext, 'asSystemIn' | 'inSnapshot'>,
): WorkerContext {
  const { db, boss, ...rest } = parts
  return {
    ...rest,
    asSystemIn: (studyId, work) =>
      inWall(db, systemActor(studyId), (wall) =>
        work({
          stores: storesIn(wall),
          queue: {
            enqueue: (name, payload) => enqueue({ boss, transaction: wall }, name, payload),
            enqueueAll: (name, payloads) => enqueueAll({ boss, transaction: wall }, name, payloads),
          },
        }),
      ),
    inSnapshot: (actor, work) =>
      inSnapshotWall(db, actor, (wall) =>
        work({ stores: storesIn(wall), asSystem: (system) => asSystem(wall, (inner) => system(storesIn(inner))) }),
      ),
  }
}
