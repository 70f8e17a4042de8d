import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { aBuiltBundle } from '@facetgrade/testing/built-bundle'
import { aDemoStudy } from '@facetgrade/testing/demo-study'
import { useTestDatabase } from '@facetgrade/testing/postgres-fixture'
import { parse } from 'csv-parse/sync'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { isWithout, PYTHON, R, ranTool } from '../../test/tool.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })
const database = useTestDatabase()
const folder = mkdtempSync(join(tmpdir(), 'facetgrade-bundle-'))
const HERE = join(import.meta.dirname, '../../test')
let bundle: Awaited<ReturnType<typeof aBuiltBundle>>
type Row = Record<string, string>
const table = (name: string): Row[] => parse(bundle.text(`tables/${name}.csv`), { bom: true, columns: true })

beforeAll(async () => {
  const { world } = await aDemoStudy(database(), { patients: 14, modalities: ['ct'], model: true })
  bundle = await aBuiltBundle(database().db, world, { isBlinded: false })
  bundle.unpackTo(folder)
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

test.skipIf(isWithout('R with survey, pROC, jsonlite', R))(
  "R computes the demonstration's evaluation again from its bundle: difference 0",
  () => {
    const { status, out } = ranTool('Rscript', ['analysis.R'], folder)
    expect(out).toContain(`${bundle.manifest.evaluation?.rows} rows: every number agrees`)
    expect(out).toContain('DEMO DATA: NOT A STUDY OF PATIENTS')
    expect(status).toBe(0)
  },
)

test.skipIf(isWithout('R with survey, pROC, jsonlite', R))(
  'import.R loads every table with types, labels and value labels',
  () => {
    const check = `source("import.R")
    stopifnot(is.integer(grades$grade), is.factor(grades$state), is.logical(grades$withdrawn),
      inherits(reading_order$opened_at, "POSIXct"), is.numeric(predictions$p0),
      attr(grades$grade, "label") == "Grade; empty unless state is graded",
      attr(grades$state, "value.labels")[["not_assessable"]] == "Not assessable")
    cat(nrow(grades), sum(grades$grade, na.rm = TRUE), sum(is.na(grades$grade)), sum(grades$state == "not_assessable"))`
    const { status, out } = ranTool('Rscript', ['-e', check], folder)
    const rows = table('grades')
    const graded = rows.filter(({ grade }) => grade !== '')
    const sum = graded.reduce((total, { grade }) => total + Number(grade), 0)
    const open = rows.filter(({ state }) => state === 'not_assessable').length
    expect(out).toContain(`${rows.length} ${sum} ${rows.length - graded.length} ${open}`)
    expect(status).toBe(0)
  },
)

test.skipIf(isWithout('PSPP', ['pspp', '--version']))(
  'import.sps runs in PSPP, and what it saved is what the tables hold',
  () => {
    const { status, out } = ranTool('pspp', ['-o', 'pspp.txt', 'import.sps'], folder)
    expect({ status, out }).toEqual({ status: 0, out: '' })
    const look = `GET FILE='grades.sav'.
SAVE TRANSLATE /OUTFILE='grades-again.csv' /TYPE=CSV /FIELDNAMES /CELLS=VALUES /REPLACE.
DISPLAY DICTIONARY.\n`
    writeFileSync(join(folder, 'look.sps'), look)
    expect(ranTool('pspp', ['-o', 'dictionary.txt', 'look.sps'], folder).status).toBe(0)
    const again: Row[] = parse(readFileSync(join(folder, 'grades-again.csv'), 'utf8'), { columns: true, bom: true })
    const MISSING: Row = { not_graded: '-91', not_assessable: '-92', not_applicable: '-93' }
    const cell = (row: Row) =>
      [row['patient_code'], row['reader'], row['level'], row['side'], row['feature'], row['state']].join(' ')
    expect(again.map((row) => `${cell(row)} ${row['grade']?.trim()}`)).toEqual(
      table('grades').map((row) => `${cell(row)} ${row['grade'] === '' ? MISSING[row['state'] ?? ''] : row['grade']}`),
    )
    const dictionary = readFileSync(join(folder, 'dictionary.txt'), 'utf8')
    expect(dictionary).toContain('Not assessable')
    expect(dictionary).toMatch(/-93|-91/)
  },
)

test.skipIf(isWithout('Python with pandas, openpyxl, pyarrow', PYTHON))(
  'CSV, Parquet and XLSX of every table agree cell by cell in pandas, pyarrow and openpyxl',
  () => {
    const { status, out } = ranTool(PYTHON[0], [join(HERE, 'read_bundle.py')], folder)
    expect(out).toMatch(/tables, \d+ cells agree/)
    expect(status).toBe(0)
  },
)

test.skipIf(isWithout('Python', ['python3', '--version']))(
  'every cell of odm.xml is the cell of the tables, and it says that no patient is behind it',
  () => {
    const { status, out } = ranTool('python3', [join(HERE, 'read_odm.py')], folder)
    expect(out).toMatch(/^\d+ cells agree; demo: /)
    expect(status).toBe(0)
  },
)

test.skipIf(isWithout('dciodvfy and dsrdump', ['sh', '-c', 'command -v dciodvfy && command -v dsrdump']))(
  'every report is a valid DICOM SR, and says of each joint what the tables say',
  () => {
    const reports = Object.entries(unzipSync(bundle.bytes('dicom-sr.zip')))
    const signed = table('reading-order').filter((row) => row['signed_at'] !== '')
    expect(reports).toHaveLength(signed.length)
    const rows = table('grades')
    for (const [name, bytes] of reports.slice(0, 6)) {
      const path = join(folder, 'sr', name)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, bytes)
      const verdict = ranTool('dciodvfy', [path], folder).out
      expect({ name, errors: verdict.split('\n').filter((line) => line.startsWith('Error')) }).toEqual({
        name,
        errors: [],
      })
      const dump = ranTool('dsrdump', ['+Pl', path], folder).out
      const [patient = '', modality = '', file = ''] = name.split('/')
      const [round, reader] = file.replace('.dcm', '').split('-')
      expect(dump).toContain('DEMO')
      const own = rows.filter(
        (row) =>
          row['patient_code'] === patient &&
          row['modality'] === modality &&
          row['round'] === round &&
          row['reader'] === reader,
      )
      expect(graded(dump)).toEqual(
        own
          .filter(({ state }) => state === 'graded')
          .map((row) => `${row['level']} ${row['side']} ${row['feature']} ${row['grade']}`)
          .toSorted(),
      )
    }
  },
)

/** `L4L5 left cyst 2` of every coded grade in a dump. */
function graded(dump: string): string[] {
  let [level, side] = ['', '']
  return dump
    .split('\n')
    .flatMap((line) => {
      side = /"Laterality"\)=\(.*"(Left|Right)"\)/.exec(line)?.[1]?.toLowerCase() ?? side
      level = /"Topographical modifier"\)=\((\w+),/.exec(line)?.[1] ?? level
      const grade = /=\(([a-z]+)-(?:ct|mr|xray)-(\d),99FACETGRADE/.exec(line)
      return grade ? [`${level} ${side} ${grade[1]} ${grade[2]}`] : []
    })
    .toSorted()
}
