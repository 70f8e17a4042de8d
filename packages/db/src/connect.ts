import { PrismaPg } from '@prisma/adapter-pg'
import { PrismaClient } from './generated/client.ts'

export type Database = PrismaClient

/** A pool under the role facetgrade_app. Nothing of a study is visible through it outside `inWall`. */
export function connect(appUrl: string, pool: { max?: number } = {}): Database {
  return new PrismaClient({
    adapter: new PrismaPg({ connectionString: appUrl, max: pool.max ?? 20 }),
    transactionOptions: { maxWait: 10_000, timeout: 30_000 },
  })
}
