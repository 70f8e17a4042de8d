import { type RandomStream, shuffled } from './seeded-random.ts'

type Placed = { readonly caseId: string; readonly patientCode: string }

/**
 * Largest distance d at which n cases can stand in one row with any two of the same patient at least d places apart:
 * (n - c) / (m - 1) rounded down, where m is the most cases of one patient and c the number of patients with m cases
 * (the m - 1 blocks between the last cases must each hold d places). Infinity when nobody has two.
 */
export function largestDistance(caseCounts: readonly number[]): number {
  const most = caseCounts.reduce((a, b) => Math.max(a, b), 0)
  if (most < 2) return Number.POSITIVE_INFINITY
  const cases = caseCounts.reduce((a, b) => a + b, 0)
  return Math.floor((cases - caseCounts.filter((count) => count === most).length) / (most - 1))
}

/**
 * A random order in which two cases of a patient stand at least `distance` places apart. First a uniform permutation
 * whose few offending cases are swapped to places drawn at random; where the roster is too tight for that, a
 * construction that always takes one of the patients with the most cases left. Linear in the number of cases.
 *
 * @param distance  at most largestDistance() of the cases
 */
export function spacedOrder<T extends Placed>(stream: RandomStream, cases: readonly T[], distance: number): T[] {
  const order = shuffled(stream, cases)
  if (distance < 2 || swappedApart(stream, order, distance)) return order
  for (let reachable = distance; reachable > 1; reachable -= 1) {
    const built = builtApart(stream, cases, reachable)
    if (built) return built
  }
  return order
}

const TRIES = 256

/** Swaps offending cases to drawn places, in place; false as soon as one finds none. */
function swappedApart(stream: RandomStream, order: Placed[], distance: number): boolean {
  const places = new Map<string, Set<number>>()
  for (const [place, { patientCode }] of order.entries()) {
    const known = places.get(patientCode)
    if (known) known.add(place)
    else places.set(patientCode, new Set([place]))
  }
  const isFree = (patientCode: string, place: number, except: number): boolean => {
    for (const other of places.get(patientCode) ?? []) {
      if (other !== except && Math.abs(other - place) < distance) return false
    }
    return true
  }
  const trySwap = (here: number, there: number): boolean => {
    const one = order[here] as Placed
    const other = order[there] as Placed
    if (one.patientCode === other.patientCode) return false
    if (!isFree(one.patientCode, there, here) || !isFree(other.patientCode, here, there)) return false
    order[here] = other
    order[there] = one
    places.get(one.patientCode)?.delete(here)
    places.get(one.patientCode)?.add(there)
    places.get(other.patientCode)?.delete(there)
    places.get(other.patientCode)?.add(here)
    return true
  }
  for (const place of order.keys()) {
    if (isFree((order[place] as Placed).patientCode, place, place)) continue
    let tries = 0
    while (tries < TRIES && !trySwap(place, stream.below(order.length))) tries += 1
    if (tries === TRIES) return false
  }
  return true
}

/** Fills the row from the front; a patient rests for `distance` places after each case. Undefined when it runs dry. */
function builtApart<T extends Placed>(stream: RandomStream, cases: readonly T[], distance: number): T[] | undefined {
  const left = new Map<string, T[]>()
  for (const item of shuffled(stream, cases)) {
    const known = left.get(item.patientCode)
    if (known) known.push(item)
    else left.set(item.patientCode, [item])
  }
  // ready[k]: patients that may be read now and have k cases left
  const ready: T[][][] = []
  const makeReady = (items: T[]): void => {
    while (ready.length <= items.length) ready.push([])
    ready[items.length]?.push(items)
  }
  for (const items of left.values()) makeReady(items)
  const order: T[] = []
  const readAt: T[][] = []
  while (order.length < cases.length) {
    const rested = readAt[order.length - distance]
    if (rested && rested.length > 0) makeReady(rested)
    const bucket = ready.findLast((patients) => patients.length > 0)
    const items = bucket && takeOne(stream, bucket)
    const next = items?.pop()
    if (!items || !next) return undefined
    order.push(next)
    readAt.push(items)
  }
  return order
}

function takeOne<T>(stream: RandomStream, bucket: T[]): T | undefined {
  const chosen = stream.below(bucket.length)
  const last = bucket.pop()
  if (last === undefined || chosen === bucket.length) return last
  const taken = bucket[chosen]
  bucket[chosen] = last
  return taken
}
