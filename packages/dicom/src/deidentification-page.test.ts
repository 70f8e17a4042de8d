import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Rule, SOP_CLASSES } from './allow-list.ts'
import { explain } from './explain.ts'

const PAGE = join(import.meta.dirname, '../../../docs/deidentification.md')
const [START, END] = ['<!-- attributes -->', '<!-- /attributes -->']
const COLUMNS: readonly (readonly [string, string])[] = [
  ['CT', '1.2.840.10008.5.1.4.1.1.2'],
  ['CT+', '1.2.840.10008.5.1.4.1.1.2.1'],
  ['MR', '1.2.840.10008.5.1.4.1.1.4'],
  ['MR+', '1.2.840.10008.5.1.4.1.1.4.1'],
  ['CR', '1.2.840.10008.5.1.4.1.1.1'],
  ['DX', '1.2.840.10008.5.1.4.1.1.1.1'],
]

const everyTag = (rules: readonly Rule[]): number[] =>
  rules.flatMap((rule) => [rule.tag, ...(rule.action.kind === 'items' ? everyTag(rule.action.rules) : [])])

function attributeTable(): string {
  const tags = [...new Set([...SOP_CLASSES.values()].flatMap(({ rules }) => everyTag(rules)))].toSorted((a, b) => a - b)
  const rows = tags.map((tag) => {
    const found = COLUMNS.map(([, uid]) => explain(tag, uid))
    const kept = found.find(({ decision }) => decision !== 'dropped')
    const marks = found.map(({ decision }) => (decision === 'dropped' ? '' : '•'))
    return `| ${kept?.tag} | ${kept?.name} | ${kept?.profile ?? '–'} | ${kept?.why} | ${marks.join(' | ')} |`
  })
  const names = COLUMNS.map(([name]) => name)
  return [
    `| tag | attribute | profile | what happens | ${names.join(' | ')} |`,
    `|---|---|---|---|${names.map(() => '---').join('|')}|`,
    ...rows,
  ].join('\n')
}

/** With UPDATE_DOCS set the page is written; otherwise it must be what the code says. */
test('the page lists every attribute that may stay, as the code has it', () => {
  const page = readFileSync(PAGE, 'utf8')
  const [before = '', rest = ''] = page.split(START)
  const [, after = ''] = rest.split(END)
  const expected = `${before}${START}\n${attributeTable()}\n${END}${after}`
  if (process.env['UPDATE_DOCS']) writeFileSync(PAGE, expected)
  expect(readFileSync(PAGE, 'utf8')).toBe(expected)
})
