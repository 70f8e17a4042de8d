import table from './profile/profile-2024b.json' with { type: 'json' }
import delta from './profile/profile-delta-2025b.json' with { type: 'json' }

/** One row of DICOM PS3.15 Table E.1-1: what the Basic Profile asks for an attribute. */
export type ProfileRow = { name: string; tag: string; basic: string }

/** Rows by tag text `GGGGEEEE` in lower case; wildcards keep their `x`. Edition 2024b with the additions of 2025b. */
const ROWS: ReadonlyMap<string, ProfileRow> = new Map(
  [...table, ...delta].map(([id = '', name = '', basic = '']) => [id, { name, tag: id, basic }]),
)

/** The profile's row of an attribute, by exact tag or by the wildcards of curves, overlays and private groups. */
export function profileRow(tag: number): ProfileRow | undefined {
  const id = tag.toString(16).padStart(8, '0')
  const exact = ROWS.get(id)
  if (exact) return exact
  const group = tag >>> 16
  if (group % 2 === 1) return { name: 'Private attribute', tag: id, basic: 'X' }
  if (group >>> 8 === 0x50) return { name: 'Curve data', tag: id, basic: 'X' }
  const member = id.slice(4)
  if (group >>> 8 === 0x60 && (member === '3000' || member === '4000')) return { name: 'Overlay', tag: id, basic: 'X' }
  return undefined
}

export const profileRowCount = (): number => ROWS.size

/** Tags of the table that name one attribute each (no wildcards). */
export const profileTags = (): number[] =>
  [...ROWS.keys()].filter((id) => /^[0-9a-f]{8}$/.test(id)).map((id) => parseInt(id, 16))
