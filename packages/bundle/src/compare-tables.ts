import { csvFields } from './csv.ts'
import type { BundleManifest, BundleTable } from './manifest.ts'

/** How many differing rows are told by name. */
const EXAMPLES = 5

export type TableDifference = {
  readonly name: string
  readonly firstRows: number | null
  readonly secondRows: number | null
  readonly added: number
  readonly removed: number
  readonly changed: number
  readonly columnsAdded: readonly string[]
  readonly columnsRemoved: readonly string[]
  /** The first rows that differ: their key, and the columns in which they do (none: the row is only on one side). */
  readonly examples: readonly { readonly key: string; readonly columns: readonly string[] }[]
}
export type BundleDifference = {
  readonly isSame: boolean
  /** What a manifest says of versions, where it differs. */
  readonly versions: readonly { readonly what: string; readonly first: string; readonly second: string }[]
  readonly tables: readonly TableDifference[]
  readonly files: readonly { readonly name: string; readonly change: 'added' | 'removed' | 'changed' }[]
}

/** Lines of a CSV file of a bundle, without their ends; every record is one line. */
export type Lines = AsyncIterable<string>
type Open = (file: { readonly name: string; readonly sha256: string }) => Lines

/**
 * What differs between two bundles. Tables with the same bytes are not read; the others are compared row by row under their
 * key, patient by patient, so that neither table is ever in memory whole.
 */
export async function compareBundles(
  first: BundleManifest,
  second: BundleManifest,
  open: Open,
): Promise<BundleDifference> {
  const files = fileChanges(first, second)
  const names = new Set([...first.tables, ...second.tables].map(({ name }) => name))
  const tables: TableDifference[] = []
  for (const name of [...names].toSorted()) {
    const file = `tables/${name}.csv`
    if (!files.some((change) => change.name === file)) continue
    const [one, two] = [first, second].map((manifest) => ({
      table: manifest.tables.find((candidate) => candidate.name === name),
      file: manifest.files.find((candidate) => candidate.name === file),
    }))
    tables.push(await tableDifference(name, sideOf(one, open), sideOf(two, open)))
  }
  return { isSame: files.length === 0, versions: versionChanges(first, second), tables, files }
}

function fileChanges(first: BundleManifest, second: BundleManifest): BundleDifference['files'] {
  const before = new Map(first.files.map(({ name, sha256 }) => [name, sha256]))
  const after = new Map(second.files.map(({ name, sha256 }) => [name, sha256]))
  return [...new Set([...before.keys(), ...after.keys()])].toSorted().flatMap((name) => {
    if (before.get(name) === after.get(name)) return []
    return [{ name, change: !before.has(name) ? 'added' : !after.has(name) ? 'removed' : 'changed' } as const]
  })
}

function versionChanges(first: BundleManifest, second: BundleManifest): BundleDifference['versions'] {
  const facts = (of: BundleManifest): [string, string][] => [
    ['study', `${of.study.code} (${of.study.kind})`],
    ['blinding', of.isBlinded ? 'blinded' : 'unblinded'],
    ['data_as_of', of.asOf],
    ['patients', String(of.patients)],
    ['software', `${of.software.name} ${of.software.version}`],
    ['protocol', `${of.protocol.version} ${of.protocol.hash}`],
    ['split_seal', of.splitSeal ?? '-'],
    ['unsealings', String(of.unsealings)],
    ['plan', of.plan ? `${of.plan.version} ${of.plan.hash}` : '-'],
    ['evaluation', of.evaluation ? of.evaluation.resultHash : '-'],
  ]
  const after = new Map(facts(second))
  return facts(first).flatMap(([what, value]) => {
    const other = after.get(what) ?? '-'
    return value === other ? [] : [{ what, first: value, second: other }]
  })
}

type Side = { readonly table: BundleTable; readonly lines: Lines } | undefined

function sideOf(
  of: { table: BundleTable | undefined; file: { name: string; sha256: string } | undefined } | undefined,
  open: Open,
): Side {
  return of?.table && of.file ? { table: of.table, lines: open(of.file) } : undefined
}

async function tableDifference(name: string, first: Side, second: Side): Promise<TableDifference> {
  const rows = { firstRows: first?.table.rows ?? null, secondRows: second?.table.rows ?? null }
  const none = { columnsAdded: [], columnsRemoved: [], examples: [] }
  if (!first || !second) {
    const [added, removed] = [second?.table.rows ?? 0, first?.table.rows ?? 0]
    return { name, ...rows, added, removed, changed: 0, ...none }
  }
  const tally = { added: 0, removed: 0, changed: 0, examples: [] as { key: string; columns: string[] }[] }
  const note = (key: string, columns: string[]): void => {
    if (tally.examples.length < EXAMPLES) tally.examples.push({ key, columns })
  }
  for await (const [before, after] of aligned(groups(first), groups(second))) {
    for (const [key, row] of before) {
      const other = after.get(key)
      if (!other) {
        tally.removed += 1
        note(key, [])
        continue
      }
      const columns = [...row].flatMap(([column, value]) =>
        other.has(column) && other.get(column) !== value ? [column] : [],
      )
      if (columns.length > 0) {
        tally.changed += 1
        note(key, columns)
      }
    }
    for (const key of after.keys()) {
      if (before.has(key)) continue
      tally.added += 1
      note(key, [])
    }
  }
  const lacking = (of: BundleTable, than: BundleTable): string[] =>
    than.columns.filter((one) => !of.columns.includes(one))
  return {
    name,
    ...rows,
    ...tally,
    columnsAdded: lacking(first.table, second.table),
    columnsRemoved: lacking(second.table, first.table),
  }
}

/** Rows by key, each by column. */
type Rows = ReadonlyMap<string, ReadonlyMap<string, string>>
type Group = { readonly at: string; readonly rows: Rows }

/** Rows of one patient at a time; a table that is not about patients is one group. */
async function* groups({ table, lines }: NonNullable<Side>): AsyncGenerator<Group> {
  const isByPatient = table.key[0] === 'patient_code'
  const at = table.columns.indexOf('patient_code')
  const keyed = table.key.map((name) => table.columns.indexOf(name))
  let rows = new Map<string, Map<string, string>>()
  let current = ''
  let isHeader = true
  for await (const line of lines) {
    if (isHeader || line === '') {
      isHeader = false
      continue
    }
    const fields = csvFields(line)
    const group = isByPatient ? (fields[at] ?? '') : ''
    if (group !== current && rows.size > 0) {
      yield { at: current, rows }
      rows = new Map()
    }
    current = group
    const key = keyed.map((index) => fields[index] ?? '').join(' ')
    rows.set(key, new Map(table.columns.map((column, index) => [column, fields[index] ?? ''])))
  }
  if (rows.size > 0) yield { at: current, rows }
}

const NO_ROWS: Rows = new Map()

/** Both sides are sorted by patient code: a merge. */
async function* aligned(first: AsyncGenerator<Group>, second: AsyncGenerator<Group>): AsyncGenerator<[Rows, Rows]> {
  let [before, after] = [await first.next(), await second.next()]
  while (!before.done || !after.done) {
    const isFirst = !before.done && (after.done || before.value.at <= after.value.at)
    const isSecond = !after.done && (before.done || after.value.at <= before.value.at)
    yield [isFirst && !before.done ? before.value.rows : NO_ROWS, isSecond && !after.done ? after.value.rows : NO_ROWS]
    if (isFirst) before = await first.next()
    if (isSecond) after = await second.next()
  }
}
