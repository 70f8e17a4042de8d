import { canonicalJson } from './canonical-json.ts'
import { controlledRounding } from './controlled-rounding.ts'
import type { Hash } from './hash.ts'
import { largestRemainder } from './largest-remainder.ts'
import { PARTS, type Part } from './part.ts'
import type { PatientCode } from './patient-code.ts'
import type { Ratios } from './protocol-document.ts'
import { randomStream, shuffled, sortedByCode } from './seeded-random.ts'
import type { Sha256 } from './sha256.ts'
import type { Allocation, Seed, SplitSeal } from './split-seal.ts'

/** Version of the draw below. Any change that could move a patient gets a new one; golden vectors hold it still. */
export const SPLIT_ALGORITHM = 'facetgrade-split/1'

export type RosterEntry = { readonly patientCode: PatientCode; readonly stratum: string }

/** SHA-256 of the canonical JSON of the roster, sorted by patient code: the same patients and strata, the same hash. */
export function rosterHash(sha256: Sha256, roster: readonly RosterEntry[]): Hash {
  const entries = sortedByCode(roster, ({ patientCode }) => patientCode)
  return sha256(canonicalJson(entries.map(({ patientCode, stratum }) => [patientCode, stratum])))
}

export type SplitInput = {
  readonly seed: Seed
  readonly protocolVersion: number
  readonly ratios: Ratios
  /** Eligible patients, each with the stratum that stratumOf() gives. */
  readonly roster: readonly RosterEntry[]
}

/**
 * Splits the roster by patient. The parts' sizes are exact over the whole roster (largest remainder), strata are balanced
 * within them (unbiased controlled rounding: less than one patient from every share, and the same chance of every part
 * for every patient), and inside a stratum the seed shuffles. The result depends on seed, ratios and the set of entries,
 * never on the order they come in. Preview and seal are this same function: the server draws the seed once, before the
 * preview.
 *
 * Draws, with randomStream(seed, purpose): `split/1 strata` shuffles the stratum labels; `split/1 rounding` rounds the
 * strata in that order; `split/1 stratum <label>` shuffles the patients of a stratum, of whom the first go to train, the
 * next to validation, the rest to test.
 *
 * @throws {RangeError} no patient, or one twice
 */
export function splitRoster(sha256: Sha256, { seed, protocolVersion, ratios, roster }: SplitInput): SplitSeal {
  if (roster.length === 0) throw new RangeError('splitRoster: no patient')
  const strata = byStratum(roster)
  const labels = shuffled(randomStream(sha256, seed, 'split/1 strata'), [...strata.keys()])
  const members = labels.map((label) => strata.get(label) ?? [])
  const counts = largestRemainder(ratios, roster.length)
  const rounding = randomStream(sha256, seed, 'split/1 rounding')
  const table = controlledRounding(
    rounding,
    members.map(({ length }) => length),
    counts,
  )
  const allocations: Allocation[] = labels.flatMap((stratum, index) => {
    const drawn = shuffled(randomStream(sha256, seed, `split/1 stratum ${stratum}`), members[index] ?? [])
    const { train, validation } = table[index] ?? { train: 0, validation: 0 }
    return drawn.map((patientCode, place) => ({ patientCode, part: partAt(place, train, validation), stratum }))
  })
  return {
    algorithmVersion: SPLIT_ALGORITHM,
    seed,
    protocolVersion,
    ratios,
    rosterHash: rosterHash(sha256, roster),
    counts,
    strata: sortedByCode(
      labels.map((stratum, index) => ({ stratum, counts: table[index] ?? { train: 0, validation: 0, test: 0 } })),
      ({ stratum }) => stratum,
    ),
    allocations: sortedByCode(allocations, ({ patientCode }) => patientCode),
  }
}

function partAt(place: number, train: number, validation: number): Part {
  if (place < train) return 'train'
  return place < train + validation ? 'validation' : 'test'
}

/** Patient codes of each stratum, both sorted. */
function byStratum(roster: readonly RosterEntry[]): Map<string, PatientCode[]> {
  const strata = new Map<string, PatientCode[]>()
  let previous: PatientCode | undefined
  for (const { patientCode, stratum } of sortedByCode(roster, (entry) => entry.patientCode)) {
    if (patientCode === previous) throw new RangeError(`splitRoster: ${patientCode} stands in the roster twice`)
    previous = patientCode
    const codes = strata.get(stratum)
    if (codes) codes.push(patientCode)
    else strata.set(stratum, [patientCode])
  }
  return new Map(sortedByCode([...strata], ([label]) => label))
}

/**
 * Part of a patient who becomes eligible after sealing: a keyed draw that the seal fixes for every code there will ever
 * be, so nobody can choose. Until unsealing by the sealed ratios; after it nobody goes to test, and train and validation
 * share by their own ratio (70 : 15). The draw is the first 48 bits of SHA-256 over
 * `facetgrade-split/1|late|<seed>|<patient code>`, as a fraction of 2^48.
 */
export function latePart(
  sha256: Sha256,
  seal: Pick<SplitSeal, 'seed' | 'ratios'>,
  { patientCode, isUnsealed }: { patientCode: PatientCode; isUnsealed: boolean },
): Part {
  const draw = Number.parseInt(sha256(`${SPLIT_ALGORITHM}|late|${seal.seed}|${patientCode}`).slice(0, 12), 16)
  const ratios = isUnsealed ? { ...seal.ratios, test: 0 } : seal.ratios
  const whole = PARTS.reduce((sum, part) => sum + ratios[part], 0)
  // Exact in doubles: 48 bits times a sum of percents stays below 2^53.
  const place = draw * whole
  if (place < ratios.train * 2 ** 48) return 'train'
  return place < (ratios.train + ratios.validation) * 2 ** 48 ? 'validation' : 'test'
}
