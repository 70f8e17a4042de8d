import { z } from 'zod'
import { Prisma } from '../generated/client.ts'

/** A standing side, as packages/study writes it. */
export const XraySideColumns = z.discriminatedUnion('view', [
  z.object({ view: z.enum(['ap', 'pa']), patientRight: z.enum(['left-edge', 'right-edge']), shownJoints: z.null() }),
  z.object({ view: z.literal('lateral'), patientRight: z.literal('none'), shownJoints: z.null() }),
  z.object({
    view: z.literal('oblique'),
    patientRight: z.enum(['left-edge', 'right-edge']),
    shownJoints: z.enum(['left', 'right']),
  }),
])

export const SIDE_COLUMNS = Prisma.sql`json_build_object('view', x.view, 'patientRight', x."patientRight",
  'shownJoints', x."shownJoints")`
