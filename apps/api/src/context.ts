import type { Database } from '@facetgrade/db/connect'
import { storesIn } from '@facetgrade/db/stores'
import { asSystem, become, inWall, type Wall } from '@facetgrade/db/wall'
import { enqueue, enqueueAll, type openQueue } from '@facetgrade/jobs/queue'
import type { Session } from '@facetgrade/study/actor'
import { type ReauthenticationPorts, reauthenticate } from '@facetgrade/study/people/reauthenticate'
import type { OpenWall, RequestContext } from '@facetgrade/study/procedure'

export type Queue = Awaited<ReturnType<typeof openQueue>>
type Parts = { db: Database; queue: Queue; reauthentication: ReauthenticationPorts }

/** What a call of the study room is given: the session, walls to open, and a way to ask the person again. */
export function requestContext(parts: Parts, session: Session | null): RequestContext {
  const openWall = (wall: Wall): OpenWall => ({
    stores: storesIn(wall),
    queue: {
      enqueue: (name, payload) => enqueue({ boss: parts.queue, transaction: wall }, name, payload),
      enqueueAll: (name, payloads) => enqueueAll({ boss: parts.queue, transaction: wall }, name, payloads),
    },
    become: (actor) => become(wall, actor),
    asSystem: (work) => asSystem(wall, (system) => work(storesIn(system))),
  })
  return {
    session,
    open: (actor, work) => inWall(parts.db, actor, (wall) => work(openWall(wall))),
    reauthenticate: (userId, proof) => reauthenticate(parts.reauthentication, userId, proof),
  }
}
