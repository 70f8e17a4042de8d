import { z } from 'zod'
import { CellFeature } from './feature.ts'
import { jointId, Level, parseJointId, Side } from './joint.ts'

/** Index on the feature's own scale: 0 up to the number of its levels less one (protocol: features[].scales). */
export const Grade = z.int().nonnegative()
export type Grade = z.infer<typeof Grade>

/** The one question a reader answers: a feature at a joint. */
export const CellKey = z.strictObject({ level: Level, side: Side, feature: CellFeature })
export type CellKey = z.infer<typeof CellKey>

export const NOT_ASSESSABLE_CODES = ['not_covered', 'artefact', 'not_visible', 'hardware', 'other'] as const
/** A reader's own words: no control characters and no broken surrogates, which neither hash nor database could hold. */
const ReasonText = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u)
export const NotAssessableReason = z.discriminatedUnion('code', [
  z.strictObject({ code: z.enum(['not_covered', 'artefact', 'not_visible', 'hardware']) }),
  z.strictObject({ code: z.literal('other'), text: ReasonText }),
])
export type NotAssessableReason = z.infer<typeof NotAssessableReason>

const Graded = z.strictObject({ kind: z.literal('graded'), grade: Grade })
const NotGraded = z.strictObject({ kind: z.literal('not_graded') })
const NotAssessable = z.strictObject({ kind: z.literal('not_assessable'), reason: NotAssessableReason })
const NotApplicable = z.strictObject({ kind: z.literal('not_applicable') })

/**
 * What stands in a cell. Missing is not zero: *not graded* (nobody has answered), *not assessable* (answered, with a
 * reason) and *not applicable* (the protocol does not ask it) are three things, and none of them is grade 0.
 */
export const CellValue = z.discriminatedUnion('kind', [Graded, NotGraded, NotAssessable, NotApplicable])
export type CellValue = z.infer<typeof CellValue>

/** What a reader or a group can answer. */
export const CellAnswer = z.discriminatedUnion('kind', [Graded, NotAssessable])
export type CellAnswer = z.infer<typeof CellAnswer>

/** A cell in one word, `L4L5-right/narrowing`. */
export const CellText = z.templateLiteral([Level, '-', Side, '/', CellFeature])
export type CellText = z.infer<typeof CellText>

export function cellText(cell: CellKey): CellText {
  return `${jointId(cell.level, cell.side)}/${cell.feature}`
}

/** @throws {RangeError} when the text is no cell */
export function parseCellText(text: string): CellKey {
  const [joint = '', feature, ...rest] = text.split('/')
  const parsed = CellFeature.safeParse(feature)
  if (!parsed.success || rest.length > 0) throw new RangeError(`not a cell: ${text}`)
  return { ...parseJointId(joint), feature: parsed.data }
}
