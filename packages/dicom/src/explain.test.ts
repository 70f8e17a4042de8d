import { expect, test } from 'vitest'
import { type Rule, SOP_CLASSES } from './allow-list.ts'
import { explain } from './explain.ts'
import { profileRow, profileRowCount } from './profile-table.ts'

const CT = '1.2.840.10008.5.1.4.1.1.2'

test('the table has the rows of 2024b and 2025b', () => {
  expect(profileRowCount()).toBe(621 + 26)
})

test.each([
  [0x00100010, 'rewritten', 'Z'],
  [0x0008103e, 'rewritten', 'X'],
  [0x00080080, 'dropped', 'X/Z/D'],
  [0x00091001, 'dropped', 'X'],
  [0x60003000, 'dropped', 'X'],
  [0x00200032, 'kept', null],
] as const)('%i is explained', (tag, decision, profile) => {
  expect(explain(tag, CT)).toMatchObject({ decision, profile, sopClass: 'CT Image' })
})

test('an unknown class refuses the file', () => {
  expect(explain(0x00100010, '1.2.3')).toMatchObject({ decision: 'file refused', sopClass: null })
})

/** Actions that take nothing over from the file but what a closed list, a key or a date shift lets through. */
const TRANSFORMING = new Set([
  'uid',
  'class',
  'date',
  'datetime',
  'empty',
  'zero-time',
  'own',
  'words',
  'manufacturer',
  'manufacturer-or-removed',
  'constant',
  'concept-or-body',
  'concept',
  'term',
])
/** Retain Patient Characteristics and Clean Structured Content keep these numbers and structures. */
const RETAINED_BY_OPTION = new Set(['PatientSize', 'PatientWeight'])
const everyRule = (rules: readonly Rule[]): Rule[] =>
  rules.flatMap((rule) => [rule, ...(rule.action.kind === 'items' ? everyRule(rule.action.rules) : [])])

test('nothing that the Basic Profile removes or replaces is taken over as it is', () => {
  const kept = [...SOP_CLASSES.values()]
    .flatMap(({ rules }) => everyRule(rules))
    .filter(
      ({ tag, action }) => profileRow(tag) !== undefined && action.kind !== 'items' && !TRANSFORMING.has(action.kind),
    )
    .map(({ name }) => name)
  expect(new Set(kept)).toEqual(RETAINED_BY_OPTION)
})
