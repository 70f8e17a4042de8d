import type { Database } from './connect.ts'
import { become, type Wall, type WallActor } from './wall.ts'

const LONGEST_MS = 15 * 60 * 1000

/**
 * As `inWall`, on one snapshot (REPEATABLE READ): however many queries, all see the same moment, and what others commit
 * meanwhile is in none of them. For work that reads a whole study into files.
 */
export async function inSnapshotWall<T>(db: Database, actor: WallActor, work: (wall: Wall) => Promise<T>): Promise<T> {
  return db.$transaction(
    async (wall) => {
      await become(wall, actor)
      return work(wall)
    },
    { isolationLevel: 'RepeatableRead', timeout: LONGEST_MS },
  )
}
