import { asNumber, isRecord, type Json } from './json.ts'
import type { VectorCase } from './vector-file.ts'

/** What a replay may read: the case's input, what the name of the entry says, and the shape of what is expected. */
export type EntryContext = {
  readonly input: VectorCase['input']
  /** Numbers in the entry's name: `ci90_delong` has 90. */
  readonly named: readonly number[]
  readonly entry: string
  readonly expected: Json
  /** All entries of the case: some name the metric that others use. */
  readonly all: VectorCase['expected']
  readonly command: string
}

/** A replay of one entry. Null: not defined, with a reason in the kernel's answer. Throws RangeError to refuse the input. */
export type Replay = (context: EntryContext) => Json | undefined

/** Replays by the entry's name; a name may be a pattern with `*`. */
export type Topic = Readonly<Record<string, Replay>>

/** @throws {RangeError} when the input has no such number */
export function numberOf(input: VectorCase['input'], key: string): number {
  const value = asNumber(single(input[key]))
  if (value === undefined || value === null) throw new RangeError(`input ${key} is no number`)
  return value
}

/** Values of a list, null where missing. @throws {RangeError} when the input has no such list */
export function valuesOf(input: VectorCase['input'], key: string): (number | null)[] {
  return list(input[key], key).map((one) => {
    const value = asNumber(one)
    if (value === undefined) throw new RangeError(`input ${key} holds ${JSON.stringify(one)}`)
    return value
  })
}

/** Values of a list without missing ones. @throws {RangeError} a missing value */
export function numbersOf(input: VectorCase['input'], key: string): number[] {
  return valuesOf(input, key).map((value, i) => {
    if (value === null) throw new RangeError(`input ${key}[${i}] is missing`)
    return value
  })
}

/** Identifiers of a list, of any kind. */
export function labelsOf(input: VectorCase['input'], key: string): string[] {
  return list(input[key], key).map((one) => JSON.stringify(one))
}

/** Rows of a matrix, null where missing. */
export function rowsOf(input: VectorCase['input'], key: string): (number | null)[][] {
  return list(input[key], key).map((row) => valuesOf({ row }, 'row'))
}

/** Rows of a matrix without missing values. */
export function matrixOf(input: VectorCase['input'], key: string): number[][] {
  return list(input[key], key).map((row) => numbersOf({ row }, 'row'))
}

/** Parallel lists without the rows in which any of them is missing. */
export function completeRows<K extends string>(input: VectorCase['input'], keys: readonly K[]): Record<K, number[]> {
  const columns = keys.map((key) => valuesOf(input, key))
  const length = columns[0]?.length ?? 0
  const kept: number[] = []
  for (let i = 0; i < length; i++)
    if (columns.every((column) => column[i] !== null && column[i] !== undefined)) kept.push(i)
  if (columns.some((column) => column.length !== length)) throw new RangeError('input lists of unequal length')
  return Object.fromEntries(keys.map((key, c) => [key, kept.map((i) => columns[c]?.[i] as number)])) as Record<
    K,
    number[]
  >
}

/** Sorted distinct values: the scale, where a tool takes the categories that it saw. */
export function distinct(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b)
}

/** Each value's place on a scale. @throws {RangeError} off the scale */
export function onLevels(values: readonly number[], levels: readonly number[]): number[] {
  return values.map((value) => {
    const place = levels.indexOf(value)
    if (place < 0) throw new RangeError(`${value} is not among the levels ${levels.join(', ')}`)
    return place
  })
}

/** Numbers in `c(…)` of a command: some cases state a parameter there alone. */
export function literalsIn(command: string): number[] {
  return [...command.matchAll(/c\(([^()]*)\)/g)]
    .flatMap((one) => (one[1] ?? '').split(',').map(Number))
    .filter((one) => !Number.isNaN(one))
}

function list(value: Json | undefined, key: string): readonly Json[] {
  if (value === undefined || isRecord(value)) throw new RangeError(`input ${key} is no list`)
  return Array.isArray(value) ? value : [value]
}

function single(value: Json | undefined): Json | undefined {
  return Array.isArray(value) && value.length === 1 ? (value[0] as Json) : value
}
