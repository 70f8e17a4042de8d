import type { connect } from '@facetgrade/db/connect'
import { storesIn } from '@facetgrade/db/stores'
import { asSystem, inWall, systemActor, type Wall } from '@facetgrade/db/wall'
import type { Stores } from '@facetgrade/study/stores'
import type { PersonName, World } from './study-world.ts'

type Db = ReturnType<typeof connect>
type Work<T> = (wall: Wall, stores: Stores) => Promise<T>

/** What the system role sees and may write in the world's study. */
export const asSystemIn = <T>(db: Db, world: World, work: Work<T>): Promise<T> =>
  inWall(db, systemActor(world.studyId), (wall) => work(wall, storesIn(wall)))

/** What a person's own row policies let through: SQL as it would run if every rule above the database were missing. */
export const asPersonIn = <T>(
  db: Db,
  world: World,
  name: PersonName,
  work: (
    wall: Wall,
    stores: Stores,
    systemStores: <R>(system: (stores: Stores) => Promise<R>) => Promise<R>,
  ) => Promise<T>,
): Promise<T> => {
  const { userId, role, memberId } = world.as(name)
  return inWall(db, { userId, role, studyId: world.studyId, memberId }, (wall) =>
    work(wall, storesIn(wall), (system) => asSystem(wall, (inner) => system(storesIn(inner)))),
  )
}
