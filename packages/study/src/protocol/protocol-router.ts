import { z } from 'zod'
import { router, type StudyRole, studyProcedure } from '../procedure.ts'
import { StudyError } from '../study-error.ts'
import { amendProtocol, checkAmendment } from './amend-protocol.ts'

const EVERY_ROLE = [
  'investigator',
  'coordinator',
  'statistician',
  'modeller',
  'monitor',
  'reader',
] as const satisfies readonly StudyRole[]

export const protocolRouter = router({
  /** The latest version, or the one asked for. Everyone in the study may read what they work by. */
  show: studyProcedure({ roles: EVERY_ROLE, input: { version: z.int().positive().optional() } }).query(
    async ({ ctx, input }) => {
      if (input.version === undefined) return ctx.stores.protocol.latest(ctx.actor.studyId)
      const found = await ctx.stores.protocol.find(ctx.actor.studyId, input.version)
      if (!found) throw new StudyError('NOT_FOUND')
      return found
    },
  ),
  versions: studyProcedure({ roles: EVERY_ROLE, input: {} }).query(({ ctx }) =>
    ctx.stores.protocol.versions(ctx.actor.studyId),
  ),
  /** Reads only; a mutation because a document does not fit into an address. */
  check: studyProcedure({ roles: ['investigator'], input: { document: z.unknown() } }).mutation(({ ctx, input }) =>
    checkAmendment(ctx, input.document),
  ),
  amend: studyProcedure({
    roles: ['investigator'],
    input: { document: z.unknown(), reason: z.string().trim().min(5).max(2000), basedOnVersion: z.int().positive() },
  }).mutation(({ ctx, input }) => amendProtocol(ctx, input)),
})
