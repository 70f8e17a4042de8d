import { readFile } from 'node:fs/promises'
import type { CellAnswer, CellText } from '@facetgrade/grading/cell'
import { expect } from 'vitest'
import { type Chain, type Modality, pageOf, READERS, type ReaderCode } from './chain.ts'
import { csvRows } from './csv-rows.ts'
import { type Expected, expectedNumbers, type Grade, type Pair } from './expected-numbers.ts'

const CUT_GRADE = 1
const LEVELS = 4
const FEATURES: Readonly<Record<Modality, readonly string[]>> = {
  xray: ['narrowing', 'hypertrophy', 'osteophytes'],
  ct: ['narrowing', 'hypertrophy', 'osteophytes', 'erosion', 'cyst'],
  mr: ['narrowing', 'hypertrophy', 'osteophytes', 'erosion', 'cyst'],
}
const METRICS = ['accuracy', 'sensitivity', 'specificity', 'precision', 'f1', 'weighted_kappa'] as const
type Case = { patient: string; modality: Modality; positions: ReadonlyMap<ReaderCode, number> }

/** How many numbers were compared, and how many of them carry an interval. */
export type Checked = { numbers: number; intervals: number }

/** The statistician downloads the tables; every number is computed again from what the readers entered. */
export async function checkDownloads(
  chain: Chain,
  { seenBefore }: { seenBefore: ReadonlySet<string> },
): Promise<Checked> {
  const { page } = chain.people.statistician
  await page.goto(pageOf(chain, '/exports'))
  await page.getByText('The test part is open').waitFor()
  await chain.shot(page, 'exports')
  checkGradeEvents(chain, await download(chain, 'grade-events.csv'))
  const order = await download(chain, 'reading-order.csv')
  const cases = casesOf(order.filter((row) => row['part'] === 'test'))
  expect(cases.length).toBeGreaterThan(0)
  expect(cases.filter(({ patient }) => seenBefore.has(patient))).toEqual([])
  const every = await download(chain, 'evaluation-results.csv')
  const results = every.filter((row) => row['analysis'] === 'performance' && row['missing_rule'] === '')
  const checked = { numbers: 0, intervals: 0 }
  const modalities = new Set(cases.map(({ modality }) => modality))
  for (const modality of modalities) {
    for (const feature of FEATURES[modality]) {
      for (const comparator of ['J1', 'J2', 'junior'] as const) {
        const pairs = pairsOf(chain, cases, { modality, feature, comparator })
        const expected = expectedNumbers(pairs, { cut: CUT_GRADE, levels: LEVELS })
        const rows = results.filter((row) => row['comparator'] === comparator && row['modality'] === modality)
        compare(
          rows.filter((row) => row['feature'] === feature),
          expected,
          checked,
        )
      }
    }
  }
  return checked
}

async function download(chain: Chain, file: string): Promise<Record<string, string>[]> {
  const { page } = chain.people.statistician
  const [downloaded] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: `Download ${file}` }).click(),
  ])
  return csvRows(await readFile(await downloaded.path(), 'utf8'))
}

/** Every answer that a reader entered is one row, with its grade, and no other row is there. */
function checkGradeEvents(chain: Chain, rows: readonly Record<string, string>[]): void {
  const answers = [...chain.entered.values()].flatMap((entered) => [...entered.answers.values()])
  expect(rows).toHaveLength(answers.length)
  for (const grade of [0, 1, 2, 3]) {
    const entered = answers.filter((answer) => answer.kind === 'graded' && answer.grade === grade)
    expect(rows.filter((row) => row['grade'] === String(grade))).toHaveLength(entered.length)
  }
  const open = rows.filter((row) => row['state'] === 'not_assessable')
  expect(open).toHaveLength(answers.filter(({ kind }) => kind === 'not_assessable').length)
  expect(open.every((row) => row['grade'] === '' && row['reason'] === 'artefact')).toBe(true)
}

/** Which case of one reader is which case of another: the readers themselves cannot know. */
function casesOf(order: readonly Record<string, string>[]): Case[] {
  const groups = Map.groupBy(order, (row) => `${row['patient_code']}/${row['modality']}`)
  return Array.from(groups.values(), (rows) => ({
    patient: rows[0]?.['patient_code'] ?? '',
    modality: modalityOf(rows[0]?.['modality']),
    positions: new Map(
      READERS.map((reader) => [reader, Number(rows.find((row) => row['reader'] === reader)?.['position'])]),
    ),
  }))
}

function modalityOf(text: string | undefined): Modality {
  if (text === 'xray' || text === 'ct' || text === 'mr') return text
  throw new Error(`modality ${text}`)
}

function pairsOf(
  chain: Chain,
  cases: readonly Case[],
  of: { modality: Modality; feature: string; comparator: 'J1' | 'J2' | 'junior' },
): Pair[] {
  return cases
    .filter(({ modality }) => modality === of.modality)
    .flatMap((one) => {
      const asked = answersOf(chain, one, 'S1')
      return [...asked.keys()]
        .filter((cell) => cell.endsWith(`/${of.feature}`))
        .map((cell) => ({
          reference: settled(chain, one, { cell, pair: ['S1', 'S2'] }),
          rater:
            of.comparator === 'junior'
              ? settled(chain, one, { cell, pair: ['J1', 'J2'] })
              : gradeOf(answersOf(chain, one, of.comparator).get(cell)),
        }))
    })
}

function answersOf(chain: Chain, one: Case, reader: ReaderCode): ReadonlyMap<CellText, CellAnswer> {
  const entered = chain.entered.get(`${reader}/${one.positions.get(reader)}`)
  if (!entered) throw new Error(`${reader} entered nothing at ${one.positions.get(reader)}`)
  expect(entered.modality).toBe(one.modality)
  return entered.answers
}

/** What two readers agree on stands; else what they decided together. */
function settled(
  chain: Chain,
  one: Case,
  { cell, pair }: { cell: CellText; pair: readonly [ReaderCode, ReaderCode] },
): Grade {
  const [first, second] = pair.map((reader) => gradeOf(answersOf(chain, one, reader).get(cell)))
  if (first === second) return first ?? null
  const decision = chain.decided.get(`${pair[0]}/${one.positions.get(pair[0])}`)?.get(cell)
  if (!decision) throw new Error(`${cell} differs between ${pair.join(' and ')} and was not decided`)
  return gradeOf(decision)
}

function gradeOf(answer: CellAnswer | undefined): Grade {
  if (!answer) throw new Error('no answer')
  return answer.kind === 'graded' ? answer.grade : null
}

function compare(rows: readonly Record<string, string>[], expected: Expected, checked: Checked): void {
  for (const metric of METRICS) {
    const found = rows.filter((row) => row['metric'] === metric)
    expect(found).toHaveLength(1)
    const [row = {}] = found
    const where = `${row['comparator']} ${row['modality']} ${row['feature']} ${metric}`
    const estimate = row['estimate'] === '' ? null : Number(row['estimate'])
    const wanted = expected[metric]
    expect({ where, estimate }).toEqual({ where, estimate: wanted === null ? null : expect.closeTo(wanted, 10) })
    if (metric === 'accuracy') {
      const counts = { n: Number(row['n']), missing: Number(row['n_missing']) }
      expect({ where, ...counts }).toEqual({ where, n: expected.n, missing: expected.missing })
    }
    checked.numbers += 1
    // An interval that cannot be given says why; nothing is left blank in silence.
    const hasInterval = row['ci_lower'] !== '' || row['ci_upper'] !== ''
    expect({ where, isSilent: !hasInterval && row['reason'] === '' }).toEqual({ where, isSilent: false })
    if (hasInterval) checked.intervals += 1
  }
}
