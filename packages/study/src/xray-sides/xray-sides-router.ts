import { InstanceHeader } from '@facetgrade/dicom/instance-header'
import { z } from 'zod'
import { router, studyProcedure } from '../procedure.ts'
import { StudyError } from '../study-error.ts'
import { proposeXraySide } from './propose-xray-side.ts'
import { XraySide } from './xray-side.ts'
import type { XrayImage } from './xray-side-store.ts'

const PAGE = 50

function shown({ header: stored, ...image }: XrayImage) {
  const header = InstanceHeader.parse(stored)
  return { ...image, rows: header.rows, columns: header.columns, proposal: proposeXraySide(header) }
}

export const xraySidesRouter = router({
  list: studyProcedure({
    roles: ['coordinator', 'investigator'],
    input: {
      after: z.uuid().optional(),
      limit: z.int().min(1).max(200).default(PAGE),
      open: z.boolean().default(true),
    },
  }).query(async ({ ctx, input }) => {
    const images = await ctx.stores.xraySides.images(ctx.actor.studyId, {
      after: input.after,
      take: input.limit + 1,
      open: input.open,
    })
    const rows = images.slice(0, input.limit).map(shown)
    return {
      rows,
      next: images.length > input.limit ? (rows.at(-1)?.instanceId ?? null) : null,
      counts: await ctx.stores.xraySides.counts(ctx.actor.studyId),
    }
  }),
  /** Confirmed once per image against its marker; a correction is a new row, and the old one stays. */
  confirm: studyProcedure({ roles: ['coordinator'], input: { instanceId: z.uuid(), side: XraySide } }).mutation(
    async ({ ctx, input }) => {
      const { xraySides, audit } = ctx.stores
      const image = await xraySides.find(ctx.actor.studyId, input.instanceId)
      if (!image) throw new StudyError('NOT_FOUND')
      await xraySides.confirm(ctx.actor.studyId, input.instanceId, input.side, ctx.actor.userId)
      await audit.write({
        action: 'xray-side.confirmed',
        object: 'Instance',
        objectId: input.instanceId,
        ...(image.side
          ? {
              old: {
                view: image.side.view,
                patientRight: image.side.patientRight,
                shownJoints: image.side.shownJoints,
              },
            }
          : {}),
        new: input.side,
      })
    },
  ),
})
