import type { ClinicalColumn } from '@facetgrade/grading/protocol-document'
import { expect, test } from 'vitest'
import { patientCodeOf } from './keyed-patient.ts'
import { type PatientsCsv, readPatientsCsv, writePatientsCsv } from './patients-csv.ts'
import { createKeyFile, openStudyKey } from './study-key.ts'

const key = openStudyKey(createKeyFile('2026-01-01T00:00:00Z'), 'csv')
const label = { en: 'x', zh: 'x' }
const columns: ClinicalColumn[] = [
  { name: 'bmi', label, type: 'decimal', min: 10, max: 80 },
  { name: 'leg_pain', label, type: 'code', codes: ['0', '1'].map((code) => ({ code, label })) },
]
const read = (text: string, withKey = true): PatientsCsv =>
  readPatientsCsv(new TextEncoder().encode(text), { columns, key: withKey ? key : null, defaultIssuer: 'HOSPITAL' })
const HEADER = 'issuer,patient_id,sex,age_years,site,bmi,leg_pain\n'

test('hospital ids become the patient codes that the images get', () => {
  const { rows, problems } = read(`${HEADER},ID-1,f,93,north,24.5,1\nOTHER,ID-1,M,,,,\n`)
  expect(problems).toEqual([])
  expect(rows).toEqual([
    {
      line: 2,
      patientCode: patientCodeOf(key, 'HOSPITAL', 'ID-1'),
      sex: 'F',
      ageYears: 90,
      site: 'north',
      values: { bmi: 24.5, leg_pain: '1' },
    },
    {
      line: 3,
      patientCode: patientCodeOf(key, 'OTHER', 'ID-1'),
      sex: 'M',
      ageYears: null,
      site: null,
      values: { bmi: null, leg_pain: null },
    },
  ])
})

test('a written table reads back the same, without the key', () => {
  const { rows } = read(`${HEADER},ID-1,F,40,north,24.5,1\n`)
  const text = writePatientsCsv(rows, columns)
  expect(text).not.toContain('ID-1')
  expect(read(text, false)).toEqual({ rows, problems: [] })
})

test('a bad row names row, column and reason, and repeats no value', () => {
  const { rows, problems } = read(`${HEADER},,X,1.5,bad site,900,7\n,ID-2,F,50,,20,0\n,ID-2,F,50,,20,0\n,ID-3,F\n`)
  expect(problems).toEqual([
    { row: 2, column: 'patient_id', reason: 'PATIENT_BLANK' },
    { row: 2, column: 'sex', reason: 'SEX_WRONG' },
    { row: 2, column: 'age_years', reason: 'AGE_WRONG' },
    { row: 2, column: 'site', reason: 'SITE_WRONG' },
    { row: 2, column: 'bmi', reason: 'NUMBER_OUT_OF_RANGE' },
    { row: 2, column: 'leg_pain', reason: 'CODE_UNKNOWN' },
    { row: 4, column: 'patient_id', reason: 'PATIENT_TWICE' },
    { row: 5, column: null, reason: 'FIELD_COUNT' },
  ])
  expect(rows).toHaveLength(1)
})

test('a header that does not fit stops everything, and a name in it is not shown', () => {
  expect(read('patient_id,sex,age_years,Li Ming\nA,F,1,2\n').problems).toEqual([
    { row: 1, column: '?', reason: 'COLUMN_UNKNOWN' },
    { row: 1, column: 'site', reason: 'COLUMN_MISSING' },
  ])
  expect(read(`${HEADER},A,F,1,,,\n`, false).problems).toEqual([
    { row: 1, column: 'patient_id', reason: 'KEY_MISSING' },
  ])
})

test('GB18030 from a Chinese spreadsheet, semicolons and a byte order mark are read', () => {
  const gbk = Uint8Array.from([
    ...new TextEncoder().encode('patient_id;sex;age_years;site\n'),
    0xd5,
    0xc5,
    ...new TextEncoder().encode(';F;1;\n'),
  ])
  const options = { columns: [], key, defaultIssuer: 'HOSPITAL' }
  expect(readPatientsCsv(gbk, options).rows[0]?.patientCode).toBe(patientCodeOf(key, 'HOSPITAL', '张'))
  expect(read('\ufeffpatient_id,sex,age_years,site\n张,F,1,\n').rows[0]?.patientCode).toBe(
    patientCodeOf(key, 'HOSPITAL', '张'),
  )
})

test('an unclosed quote names its row', () => {
  expect(read(`${HEADER},"A,F,1,,,\n`).problems).toMatchObject([{ reason: 'CSV_MALFORMED' }])
})
