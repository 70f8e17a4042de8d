import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { shippedProtocol } from '../test/protocols.ts'
import { ClinicalData, clinicalHeader, clinicalHeaderProblems, clinicalRow } from './clinical-row.ts'

const protocol = shippedProtocol()
const ROW = { sex: 'F', age_years: '61', site: 'ZDWY', height_cm: '162.5', back_pain_nrs: '0', leg_pain: 'left' }

describe('the header', () => {
  test('is the documented one, before and after pseudonymisation', () => {
    for (const ids of ['original', 'pseudonymised'] as const) {
      expect(clinicalHeaderProblems(protocol, clinicalHeader(protocol, ids), ids)).toEqual([])
    }
    expect(clinicalHeaderProblems(protocol, ['patient_id', 'sex', 'age_years', 'site'], 'original')).toEqual([])
  })

  test('refuses what is missing, what nobody asked for, and what comes twice', () => {
    const header = ['patient_code', 'sex', 'sex', 'age_years', 'name']
    expect(clinicalHeaderProblems(protocol, header, 'pseudonymised').map(({ column, code }) => [column, code])).toEqual(
      [
        ['site', 'COLUMN_MISSING'],
        ['name', 'COLUMN_UNKNOWN'],
        ['sex', 'COLUMN_TWICE'],
      ],
    )
  })
})

describe('a row', () => {
  test('is read with its types; 0 stays 0 and an empty cell is missing', () => {
    expect(clinicalRow(protocol, { ...ROW, weight_kg: ' ' })).toEqual({
      ok: true,
      data: {
        sex: 'F',
        ageYears: 61,
        site: 'ZDWY',
        columns: { height_cm: 162.5, weight_kg: null, symptom_months: null, back_pain_nrs: 0, leg_pain: 'left' },
      },
    })
  })

  test('says 90 for every age from 90 on', () => {
    expect(clinicalRow(protocol, { ...ROW, age_years: '97' })).toMatchObject({ ok: true, data: { ageYears: 90 } })
  })

  test.each([
    { column: 'sex', text: 'female', code: 'CODE_UNKNOWN' },
    { column: 'age_years', text: 'sixty', code: 'NOT_A_NUMBER' },
    { column: 'age_years', text: '61.5', code: 'NOT_WHOLE' },
    { column: 'age_years', text: '161', code: 'OUT_OF_RANGE' },
    { column: 'site', text: 'a;b', code: 'TEXT_NOT_ALLOWED' },
    { column: 'height_cm', text: '1e2', code: 'NOT_A_NUMBER' },
    { column: 'height_cm', text: '1,62', code: 'NOT_A_NUMBER' },
    { column: 'leg_pain', text: 'LEFT', code: 'CODE_UNKNOWN' },
  ])('with "$text" in $column is refused', ({ column, text, code }) => {
    const result = clinicalRow(protocol, { ...ROW, [column]: text })
    expect(result.ok ? [] : result.problems).toEqual([{ column, code, message: expect.stringMatching(/\.$/) }])
  })

  test('is data, or problems that do not repeat what stood there', () => {
    const marker = 'Zhang San'
    const text = fc.oneof(fc.string(), fc.constant(`<${marker}>`), fc.integer().map(String))
    const rows = fc.record({ sex: text, age_years: text, site: text, height_cm: text, leg_pain: text })
    fc.assert(
      fc.property(rows, (row) => {
        const result = clinicalRow(protocol, row)
        expect(result.ok ? ClinicalData.safeParse(result.data).success : result.problems.length > 0).toBe(true)
        expect(JSON.stringify(result)).not.toContain(marker)
      }),
    )
  })
})
