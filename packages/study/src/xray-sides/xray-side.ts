import { z } from 'zod'

export const XRAY_VIEWS = ['ap', 'pa', 'lateral', 'oblique'] as const

/**
 * What a coordinator confirmed of one X-ray image against its side marker. `patientRight`: the edge of the stored image
 * at which the patient's right lies; a lateral view has none. An oblique view says whose joints it shows in tangent.
 */
export const XraySide = z.discriminatedUnion('view', [
  z.strictObject({
    view: z.enum(['ap', 'pa']),
    patientRight: z.enum(['left-edge', 'right-edge']),
    shownJoints: z.null(),
  }),
  z.strictObject({ view: z.literal('lateral'), patientRight: z.literal('none'), shownJoints: z.null() }),
  z.strictObject({
    view: z.literal('oblique'),
    patientRight: z.enum(['left-edge', 'right-edge']),
    shownJoints: z.enum(['left', 'right']),
  }),
])
export type XraySide = z.infer<typeof XraySide>
