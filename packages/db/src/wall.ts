import type { Role } from '@facetgrade/grading/role'
import type { Database } from './connect.ts'
import type { Prisma } from './generated/client.ts'

/** A transaction whose actor the row policies know. Every store takes one. */
export type Wall = Prisma.TransactionClient

/** Who acts, in which study, under which of their roles. `none` is a signed-in person outside any study. */
export type WallActor = {
  userId: string | null
  role: Role | 'none'
  studyId: string | null
  memberId: string | null
}

/**
 * Runs `work` in one transaction that has declared its actor. Row policies read the settings, which end with the
 * transaction. An extension of the client is not used: it escapes the caller's transaction, and raw queries bypass it.
 */
export async function inWall<T>(db: Database, actor: WallActor, work: (wall: Wall) => Promise<T>): Promise<T> {
  return db.$transaction(async (wall) => {
    await become(wall, actor)
    return work(wall)
  })
}

/** Declares the actor of an open transaction anew: the same person, once their role in the study is known. */
export async function become(wall: Wall, actor: WallActor): Promise<void> {
  await wall.$executeRaw`SELECT set_config('facetgrade.user_id', ${actor.userId ?? ''}, true),
    set_config('facetgrade.role', ${actor.role}, true),
    set_config('facetgrade.study_id', ${actor.studyId ?? ''}, true),
    set_config('facetgrade.member_id', ${actor.memberId ?? ''}, true)`
}

/** The system's own role inside a study: consensus, import jobs, derivations. Not a person. */
export const systemActor = (studyId: string): WallActor => ({ userId: null, role: 'system', studyId, memberId: null })

/**
 * Runs `work` as the system inside the same transaction, then hands it back to the person: for what a person's act sets
 * off and no person may see or write (consensus, progress). Either both happen or neither.
 */
export async function asSystem<T>(wall: Wall, work: (wall: Wall) => Promise<T>): Promise<T> {
  const [actor] = await wall.$queryRaw<{ role: string }[]>`SELECT facetgrade_role() AS role`
  const setRole = (role: string) => wall.$executeRaw`SELECT set_config('facetgrade.role', ${role}, true)`
  await setRole('system')
  const result = await work(wall)
  await setRole(actor?.role ?? 'none')
  return result
}
