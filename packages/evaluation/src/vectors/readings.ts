import type { Readings } from './crossed-study.ts'
import type { Json } from './json.ts'
import { type EntryContext, matrixOf, numbersOf } from './vector-input.ts'

/** Ratings of a crossed study as the files give them. @throws {RangeError} when the input has none */
export function readings(input: EntryContext['input']): Readings {
  const tests = input['ratings_by_treatment_reader']
  if (!Array.isArray(tests)) throw new RangeError('input ratings_by_treatment_reader is no list')
  return { truth: numbersOf(input, 'truth'), ratings: tests.map((test: Json) => matrixOf({ test }, 'test')) }
}
