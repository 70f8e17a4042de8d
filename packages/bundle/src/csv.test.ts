import { expect, test } from 'vitest'
import { csvLine } from './csv.ts'

test('null is an empty field and 0 is 0', () => {
  expect(csvLine([null, 0, '', 'x'])).toBe(',0,,x\r\n')
})

test('quotes, commas and line ends are quoted as RFC 4180 says', () => {
  expect(csvLine(['a,b', 'say "x"', 'two\nlines'])).toBe('"a,b","say ""x""","two\nlines"\r\n')
})

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx'])(
  'a text that a spreadsheet would run is defused: %j',
  (text) => {
    const line = csvLine([text])
    expect(line.replace(/^"/, '').startsWith("'")).toBe(true)
  },
)

test('a negative number stays a number', () => {
  expect(csvLine([-0.25])).toBe('-0.25\r\n')
})
