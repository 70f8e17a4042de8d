import { z } from 'zod'

/** What a vector file holds, and what a replay answers. `null` is "not defined"; a missing key is "no answer". */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

export const Json: z.ZodType<Json> = z.json()

export function isRecord(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Numbers as R and Python print them: "NA" and "NaN" are missing, "Inf" is infinite. Undefined: not a number at all. */
export function asNumber(value: Json | undefined): number | null | undefined {
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value === null || value === 'NA' || value === 'NaN') return null
  if (value === 'Inf' || value === 'Infinity') return Number.POSITIVE_INFINITY
  if (value === '-Inf' || value === '-Infinity') return Number.NEGATIVE_INFINITY
  return undefined
}
