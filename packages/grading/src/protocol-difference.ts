import type { Protocol } from './protocol.ts'

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** One difference between two versions: `before` absent means added, `after` absent means removed. */
export type ProtocolChange = { readonly path: string; readonly before?: unknown; readonly after?: unknown }

/**
 * What an amendment changes, in the order of the document. Lists whose members have a name are compared member by
 * member under that name (`eligibility.criteria[E2].text.en`), so that an inserted criterion is one change and not a
 * change of everything behind it; lists of plain values are compared whole, because their order means something. The
 * order of named members means something too: a move is a change of `…[order]`.
 */
export function protocolDifference(before: Protocol, after: Protocol): ProtocolChange[] {
  return differences('', asJson(before), asJson(after))
}

function asJson(protocol: Protocol): Json {
  // A parsed protocol holds nothing but JSON; absent optional fields disappear on the way.
  return JSON.parse(JSON.stringify(protocol)) as Json
}

function differences(path: string, before: Json | undefined, after: Json | undefined): ProtocolChange[] {
  if (before === undefined && after === undefined) return []
  if (before === undefined) return [{ path, after }]
  if (after === undefined) return [{ path, before }]
  if (isList(before) && isList(after)) return listDifferences(path, before, after)
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    return keys.flatMap((key) => differences(path === '' ? key : `${path}.${key}`, before[key], after[key]))
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before, after }]
}

function listDifferences(path: string, before: readonly Json[], after: readonly Json[]): ProtocolChange[] {
  const old = byName(before)
  const now = byName(after)
  if (!old || !now) return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before, after }]
  const names = [...new Set([...old.keys(), ...now.keys()])]
  const changes = names.flatMap((name) => differences(`${path}[${name}]`, old.get(name), now.get(name)))
  const kept = [...old.keys()].filter((name) => now.has(name))
  const keptNow = [...now.keys()].filter((name) => old.has(name))
  if (kept.join('\n') === keptNow.join('\n')) return changes
  return [...changes, { path: `${path}[order]`, before: kept, after: keptNow }]
}

/** Members by name, or by place in a list of unnamed objects (the steps of a scale); undefined for a list of plain values. */
function byName(list: readonly Json[]): Map<string, Json> | undefined {
  const named = list.map((member, index) => [nameOf(member, index), member] as const)
  if (!named.every((entry): entry is readonly [string, Json] => entry[0] !== undefined)) return undefined
  const members = new Map(named)
  return members.size === list.length ? members : undefined
}

function nameOf(member: Json, index: number): string | undefined {
  if (!isObject(member)) return undefined
  const { code, name, modality, feature, by, column } = member
  const parts = [code, name, modality, feature, by, column].filter((part) => typeof part === 'string')
  return parts.length > 0 ? parts.join('/') : String(index)
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}

function isObject(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !isList(value)
}
