import { asNumber, isRecord, type Json } from './json.ts'

export type Tolerance = { readonly abs: number; readonly rel: number }

/** One expected value and the answer at the same place. `undefined`: no answer there. */
export type Leaf = { readonly path: string; readonly expected: Json; readonly actual: Json | undefined }

/** Every expected value with its answer. A null answer stands for null everywhere below it. */
export function leaves(path: string, expected: Json, actual: Json | undefined): Leaf[] {
  if (isToolError(expected)) return [{ path, expected, actual }]
  if (Array.isArray(expected)) {
    const list = asList(actual)
    const own = expected.flatMap((one: Json, i) => leaves(`${path}[${i}]`, one, at(list, i)))
    const longer = list !== null && list !== undefined && list.length > expected.length
    return longer ? [...own, { path: `${path} length`, expected: expected.length, actual: list.length }] : own
  }
  if (isRecord(expected)) {
    return Object.entries(expected).flatMap(([key, one]) => leaves(`${path}/${key}`, one, under(actual, key)))
  }
  return [{ path, expected, actual: single(actual) }]
}

/** Within tolerance: |answer - expected| <= abs + rel |expected|; what a tool printed as NaN or NA must be null. */
export function agrees({ expected, actual }: Leaf, tolerance: Tolerance): boolean {
  if (actual === undefined) return false
  if (isToolError(expected)) return actual === null
  if (typeof expected === 'boolean') return expected === actual
  const wanted = asNumber(expected)
  if (wanted === undefined) return expected === actual
  if (wanted === null) return actual === null
  if (typeof actual !== 'number') return actual === null && !Number.isFinite(wanted)
  if (!Number.isFinite(wanted)) return actual === wanted
  return Math.abs(actual - wanted) <= tolerance.abs + tolerance.rel * Math.abs(wanted)
}

function isToolError(expected: Json): boolean {
  return isRecord(expected) && 'tool_error' in expected
}

function asList(actual: Json | undefined): readonly Json[] | null | undefined {
  if (actual === null || actual === undefined) return actual
  return Array.isArray(actual) ? actual : [actual]
}

function at(list: readonly Json[] | null | undefined, index: number): Json | undefined {
  return list === null ? null : list?.[index]
}

function under(actual: Json | undefined, key: string): Json | undefined {
  if (actual === null) return null
  return isRecord(actual) ? actual[key] : undefined
}

/** A tool prints a list of one as a number, or the reverse. */
function single(actual: Json | undefined): Json | undefined {
  return Array.isArray(actual) && actual.length === 1 ? (actual[0] as Json) : actual
}
