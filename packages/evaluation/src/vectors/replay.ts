import { agrees, type Leaf, leaves, type Tolerance } from './compare.ts'
import { asNumber, type Json } from './json.ts'
import { ruleFor, type SkipRule } from './skip-rule.ts'
import { TOPICS } from './topics.ts'
import type { VectorCase, VectorFile } from './vector-file.ts'
import type { EntryContext, Topic } from './vector-input.ts'

export type Outcome = {
  readonly id: string
  /** Values that are out of tolerance or without an answer. */
  readonly failures: readonly {
    readonly path: string
    readonly expected: Json
    readonly actual: Json | undefined
    /** A kernel or adapter that broke on the input, in its own words. */
    readonly fault: string | null
  }[]
  readonly skipped: readonly { readonly path: string; readonly reason: string }[]
  readonly compared: number
}

/** Is there anything that could answer a file of this topic? */
export const isKnownTopic = (topic: string): boolean => Object.hasOwn(TOPICS, topic)

/** Replays every case of a vector file against the kernels, by the folder's own rules. */
export function replayFile(file: VectorFile, rules: readonly SkipRule[]): Outcome[] {
  const topic = isKnownTopic(file.topic) ? TOPICS[file.topic] : undefined
  return file.cases.map((one) => replayCase(one, { name: file.topic, topic, rules }))
}

type Setting = { readonly name: string; readonly topic: Topic | undefined; readonly rules: readonly SkipRule[] }

function replayCase(one: VectorCase, { name, topic, rules }: Setting): Outcome {
  const failures: Outcome['failures'][number][] = []
  const skipped: Outcome['skipped'][number][] = []
  let compared = 0
  for (const [entry, expected] of Object.entries(one.expected)) {
    const at = { topic: name, case: one.id }
    const whole = ruleFor(rules, { ...at, path: entry })
    if (whole?.rule === 'skip') {
      skipped.push({ path: entry, reason: whole.reason })
      continue
    }
    const { actual, fault } = answer(topic, one, entry)
    for (const leaf of leaves(entry, expected, actual)) {
      const rule = ruleFor(rules, { ...at, path: leaf.path })
      if (rule?.rule === 'skip') skipped.push({ path: leaf.path, reason: rule.reason })
      else {
        compared++
        const isFine = accepted(leaf, rule, toleranceOf(one, entry)) || isVanishedError(leaf)
        if (!isFine) failures.push({ ...leaf, fault })
      }
    }
  }
  return { id: one.id, failures, skipped, compared }
}

function accepted(leaf: Leaf, rule: SkipRule | undefined, tolerance: Tolerance): boolean {
  if (rule?.rule === 'null') return leaf.actual === null
  if (rule?.rule === 'either' && leaf.actual === null) return true
  // Where the tool printed no number (it refused, or NaN), any defined answer will do.
  if (rule?.rule === 'either' && typeof leaf.expected !== 'number') return leaf.actual !== undefined
  return agrees(leaf, tolerance)
}

/**
 * In degenerate tables the exact variance of kappa is 0, and a tool prints rounding noise or NaN for its error: 0 and null
 * are both right there (notes of the format).
 */
function isVanishedError({ path, expected, actual }: Leaf): boolean {
  if (!/^(?:kappa|gwet)_.*_se$/.test(path) || (actual !== 0 && actual !== null)) return false
  const printed = asNumber(expected)
  return printed === null || (printed !== undefined && Math.abs(printed) < 1e-7)
}

type Answer = { readonly actual: Json | undefined; readonly fault: string | null }

/** A kernel that refuses the input has answered null. One that breaks on it has no answer, and the other cases go on. */
function answer(topic: Topic | undefined, one: VectorCase, entry: string): Answer {
  const replay = find(topic, entry)
  if (replay === undefined) return { actual: undefined, fault: null }
  const context: EntryContext = {
    input: one.input,
    named: [...entry.matchAll(/\d+(?:\.\d+)?/g)].map(([digits]) => Number(digits)),
    entry,
    expected: one.expected[entry] as Json,
    all: one.expected,
    command: one.commands[entry] ?? '',
  }
  try {
    return { actual: replay(context), fault: null }
  } catch (error) {
    if (error instanceof RangeError) return { actual: null, fault: error.message }
    return { actual: undefined, fault: error instanceof Error ? `${error.name}: ${error.message}` : String(error) }
  }
}

function find(topic: Topic | undefined, entry: string): Topic[string] | undefined {
  if (topic === undefined) return undefined
  if (Object.hasOwn(topic, entry)) return topic[entry]
  const pattern = Object.keys(topic).find((name) => {
    const [start = '', end] = name.split('*')
    return (
      end !== undefined && entry.length >= start.length + end.length && entry.startsWith(start) && entry.endsWith(end)
    )
  })
  return pattern === undefined ? undefined : topic[pattern]
}

/**
 * The format's own exceptions (README and notes): `_5dp` was rounded to five places; R sums noncentral tails to 1e-9 and
 * is held to 1e-7; PropCIs looks for Tango's limits to about 1e-5.
 */
function toleranceOf(one: VectorCase, entry: string): Tolerance {
  if (entry.includes('noncentral')) return { abs: 1e-7, rel: 1e-7 }
  if (entry.includes('tango')) return { abs: 1e-5, rel: 0 }
  return entry.endsWith('_5dp') ? { abs: 6e-6, rel: 0 } : one.tolerance
}
