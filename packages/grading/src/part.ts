import { z } from 'zod'

export const PARTS = ['train', 'validation', 'test'] as const
/** The part of the split that a patient belongs to, with every image of that patient. */
export const Part = z.enum(PARTS)
export type Part = z.infer<typeof Part>
