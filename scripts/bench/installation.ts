import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type Database } from '../../packages/db/src/connect.ts'
import { startEmbeddedPostgres } from '../../packages/db/src/embedded-postgres.ts'
import { openQueue } from '../../packages/jobs/src/queue.ts'
import { type RunningProduct, startProduct } from '../../packages/testing/src/running-product.ts'

type Queue = Awaited<ReturnType<typeof openQueue>>

/** The whole product on this machine with an empty database, and that database's connection to lay out studies. */
export type Installation = {
  folder: string
  product: RunningProduct
  db: Database
  /** What the server does of itself a minute after a bulk load: statistics for its plans. */
  analyze(): Promise<void>
  boss: Queue
  close(): Promise<void>
}

export async function anInstallation(): Promise<Installation> {
  const folder = mkdtempSync(join(tmpdir(), 'facetgrade-bench-'))
  chmodSync(folder, 0o711)
  const server = await startEmbeddedPostgres(join(folder, 'postgres'))
  const product = await startProduct({ dataFolder: join(folder, 'data'), database: server })
  const db = connect(server.appUrl, { max: 4 })
  const boss = await openQueue(server.appUrl, { supervise: false })
  return {
    folder,
    product,
    db,
    boss,
    async analyze() {
      const owner = connect(server.ownerUrl, { max: 1 })
      await owner.$executeRaw`ANALYZE`
      await owner.$disconnect()
    },
    async close() {
      await boss.stop({ graceful: false })
      await db.$disconnect()
      await product.stop()
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
