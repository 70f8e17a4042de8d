import { z } from 'zod'

/** The five levels of a spine with five lumbar vertebrae, from the head down. */
export const LEVELS = ['L1L2', 'L2L3', 'L3L4', 'L4L5', 'L5S1'] as const
/** Levels that a sixth lumbar vertebra puts in the place of L5S1. */
export const TRANSITIONAL_LEVELS = ['L5L6', 'L6S1'] as const
export const SIDES = ['left', 'right'] as const

export const Level = z.enum([...LEVELS, ...TRANSITIONAL_LEVELS])
export type Level = z.infer<typeof Level>
/** Always the patient's own side, never the side of the screen. */
export const Side = z.enum(SIDES)
export type Side = z.infer<typeof Side>

export const Joint = z.strictObject({ level: Level, side: Side })
export type Joint = z.infer<typeof Joint>

/** A Joint in one word, `L4L5-right`. */
export const JointId = z.templateLiteral([Level, '-', Side])
export type JointId = z.infer<typeof JointId>

export function jointId(level: Level, side: Side): JointId {
  return `${level}-${side}`
}

/** @throws {RangeError} when the text is no joint */
export function parseJointId(text: string): Joint {
  const [level, side, ...rest] = text.split('-')
  const joint = Joint.safeParse({ level, side })
  if (!joint.success || rest.length > 0) throw new RangeError(`not a joint: ${text}`)
  return joint.data
}

/** Order of levels from the head down, transitional ones included; for sorting rows and screens. */
export function compareLevels(a: Level, b: Level): number {
  return Level.options.indexOf(a) - Level.options.indexOf(b)
}
