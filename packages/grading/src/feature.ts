import { z } from 'zod'

/** The five features that readers grade at every joint. */
export const FEATURES = ['narrowing', 'hypertrophy', 'osteophytes', 'erosion', 'cyst'] as const
export const Feature = z.enum(FEATURES)
export type Feature = z.infer<typeof Feature>

/** What a cell can ask: a feature, or (where the protocol has a global grade) the reader's direct grade of the whole joint. */
export const CellFeature = z.enum([...FEATURES, 'severity'])
export type CellFeature = z.infer<typeof CellFeature>
