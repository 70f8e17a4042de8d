/** A code that may stay. The meaning written is ours, never the file's. */
export type Concept = { value: string; scheme: 'SCT' | 'SRT'; meaning: string }

const both = (sct: string, srt: string, meaning: string): Concept[] => [
  { value: sct, scheme: 'SCT', meaning },
  { value: srt, scheme: 'SRT', meaning },
]

/** Stands where an enhanced image must name a region and the file's own is not on the list. */
export const ENTIRE_BODY: Concept = { value: '38266002', scheme: 'SCT', meaning: 'Entire body' }

/** Closed list: views (PS3.16 CID 4010) and the regions this study images. Any other code is dropped with its item. */
export const CONCEPTS: readonly Concept[] = [
  ...both('399033003', 'R-10202', 'frontal'),
  ...both('399348003', 'R-10206', 'antero-posterior'),
  ...both('399312000', 'R-10208', 'antero-posterior oblique'),
  ...both('399038007', 'R-10210', 'right posterior oblique'),
  ...both('399006002', 'R-10212', 'left posterior oblique'),
  ...both('272479007', 'R-10214', 'postero-anterior'),
  ...both('399059000', 'R-10216', 'postero-anterior oblique'),
  ...both('399356000', 'R-40985', 'right anterior oblique'),
  ...both('399135007', 'R-10220', 'left anterior oblique'),
  ...both('399198007', 'R-10232', 'right lateral'),
  ...both('399236003', 'R-10234', 'right oblique'),
  ...both('399173006', 'R-10236', 'left lateral'),
  ...both('399184004', 'R-10238', 'left oblique'),
  ...both('399182000', 'R-102C1', 'oblique'),
  ...both('399067008', 'R-102CD', 'lateral'),
  ENTIRE_BODY,
  ...both('122496007', 'T-11503', 'Lumbar spine'),
  ...both('421060004', 'T-11500', 'Spine'),
]

const BY_CODE = new Map(CONCEPTS.map((concept) => [`${concept.scheme} ${concept.value}`, concept]))
/** SNOMED-RT codes also travel under its older designators (PS3.16 §8.1). */
const SCHEME: Readonly<Record<string, Concept['scheme']>> = { SCT: 'SCT', SRT: 'SRT', SNM3: 'SRT', '99SDM': 'SRT' }

export function findConcept(scheme: string, value: string): Concept | undefined {
  const known = Object.hasOwn(SCHEME, scheme) ? SCHEME[scheme] : undefined
  return known && BY_CODE.get(`${known} ${value}`)
}
