import { type Action, type Rule, SOP_CLASSES } from './allow-list.ts'
import { profileRow } from './profile-table.ts'

export type Explanation = {
  tag: string
  sopClass: string | null
  decision: 'kept' | 'rewritten' | 'emptied' | 'dropped' | 'file refused'
  /** Attribute name, by our list or the standard's table. */
  name: string | null
  /** Basic Profile action of PS3.15 Table E.1-1 (X remove, Z empty, D dummy, U UID, C clean, K keep); null: not in it. */
  profile: string | null
  why: string
  /** Where it may stand: at the top, or inside these sequences. */
  places: string[]
}

const DECISION: Readonly<Record<Action['kind'], [Explanation['decision'], string]>> = {
  uid: ['rewritten', 'Replaced by a keyed identifier, so that references resolve and nothing leads back.'],
  class: ['kept', 'Kept when it names an image class of the standard.'],
  date: ['rewritten', "Shifted by the patient's secret number of days; intervals survive."],
  datetime: ['rewritten', "Shifted by the patient's secret number of days; the time of day is zeroed."],
  empty: ['emptied', 'Must be present, always written empty.'],
  'zero-time': ['rewritten', 'Must have a value; the time of day is zeroed.'],
  own: ['rewritten', 'Written by the pseudonymiser, never taken over from the file as it is.'],
  words: ['rewritten', 'Only words of a closed imaging vocabulary stay.'],
  kernel: ['kept', 'Kept when it has the form of a reconstruction kernel.'],
  manufacturer: ['rewritten', 'Replaced by a name of a closed list of makers, else emptied.'],
  'manufacturer-or-removed': ['rewritten', 'Replaced by a name of a closed list of makers, else by a dummy.'],
  constant: ['rewritten', 'Must be present, always written with the same dummy.'],
  direction: ['kept', 'Kept when it is an anatomical direction.'],
  'stack-id': ['kept', 'Kept when it is a number of up to four digits.'],
  concept: ['rewritten', 'Codes of a closed list stay, with our own meaning text.'],
  'concept-or-body': ['rewritten', 'Codes of a closed list stay, with our own meaning text; else "Entire body".'],
  lut: ['kept', 'Kept when it rises or falls throughout and has the declared length, so it cannot carry text.'],
  'lut-descriptor': ['kept', 'Kept with its table.'],
  tag: ['kept', 'Kept when it points to an attribute that may stay.'],
  term: ['kept', "Values of the standard's closed list stay."],
  decimal: ['kept', 'Kept when it is a number in a plausible range.'],
  integer: ['kept', 'Kept when it is a number in a plausible range.'],
  binary: ['kept', 'Kept when it is a number in a plausible range.'],
  items: ['kept', 'Its items keep what has a rule of its own.'],
}

/** Why an attribute of an image class stays, changes or goes. */
export function explain(tag: number, sopClassUid: string): Explanation {
  const row = profileRow(tag)
  const base = { tag: formatTag(tag), name: row?.name ?? null, profile: row?.basic ?? null, places: [] }
  const sopClass = SOP_CLASSES.get(sopClassUid)
  if (sopClass === undefined) {
    return { ...base, sopClass: null, decision: 'file refused', why: 'Files of this SOP class are not taken at all.' }
  }
  const found = places(sopClass.rules, tag, [])
  const [first] = found
  if (first === undefined) {
    return {
      ...base,
      sopClass: sopClass.name,
      decision: 'dropped',
      why: 'Not on the allow-list of this class; everything else is dropped.',
    }
  }
  const [decision, why] = DECISION[first.rule.action.kind]
  return {
    ...base,
    name: first.rule.name,
    sopClass: sopClass.name,
    decision,
    why,
    places: found.map(({ path }) => (path.length === 0 ? 'top' : path.join(' > '))),
  }
}

function places(
  rules: readonly Rule[],
  tag: number,
  path: readonly string[],
): { rule: Rule; path: readonly string[] }[] {
  return rules.flatMap((rule) => [
    ...(rule.tag === tag ? [{ rule, path }] : []),
    ...(rule.action.kind === 'items' ? places(rule.action.rules, tag, [...path, rule.name]) : []),
  ])
}

const formatTag = (tag: number): string => {
  const text = tag.toString(16).padStart(8, '0').toUpperCase()
  return `(${text.slice(0, 4)},${text.slice(4)})`
}
