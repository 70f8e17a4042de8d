import { z } from 'zod'
import { largestDistance, spacedOrder } from './case-spacing.ts'
import type { PatientCode } from './patient-code.ts'
import { ReaderCode } from './role.ts'
import { randomStream, shuffled, sortedByCode } from './seeded-random.ts'
import type { Sha256 } from './sha256.ts'
import { Seed } from './split-seal.ts'

/** Version of the draw below. Any change that could move a case gets a new one; golden vectors hold it still. */
export const ORDER_ALGORITHM = 'facetgrade-reading-order/1'

/** A case to read: one patient in one modality. `caseId` is unique and stable, such as `P0123456789/ct`. */
export type OrderedCase = { readonly caseId: string; readonly patientCode: PatientCode }

/** One reader's order in one round, as stored. `achieved` is null when no patient has two cases. */
export const ReadingOrder = z.strictObject({
  algorithmVersion: z.string(),
  seed: Seed,
  reader: ReaderCode,
  round: z.string(),
  caseIds: z.array(z.string()),
  casesBetweenSamePatient: z.strictObject({
    wanted: z.int().nonnegative(),
    achieved: z.int().nonnegative().nullable(),
  }),
})
export type ReadingOrder = z.infer<typeof ReadingOrder>

export type ReadingOrderInput = {
  readonly seed: Seed
  readonly reader: ReaderCode
  readonly round: string
  /** Other cases that should stand between two of one patient (protocol: spacing.casesBetweenSamePatient). */
  readonly casesBetween: number
  readonly cases: readonly OrderedCase[]
}

/**
 * A reader's own order of the cases: a permutation drawn from the seed, other for each reader and round, in which the
 * cases of one patient lie at least `casesBetween` apart, or, where the roster is too small for that, as far apart as
 * any order could have them. Does not depend on the order in which the cases come. Draws from
 * randomStream(seed, `reading-order/1 <round> <reader>`).
 *
 * @throws {RangeError} a case twice
 */
export function readingOrder(sha256: Sha256, input: ReadingOrderInput): ReadingOrder {
  const cases = sortedByCode(input.cases, ({ caseId }) => caseId)
  const twice = cases.find(({ caseId }, index) => caseId === cases[index - 1]?.caseId)
  if (twice) throw new RangeError(`readingOrder: ${twice.caseId} stands in the roster twice`)
  const perPatient = Map.groupBy(cases, ({ patientCode }) => patientCode)
  const distance = Math.min(
    input.casesBetween + 1,
    largestDistance(Array.from(perPatient.values(), ({ length }) => length)),
  )
  const stream = randomStream(sha256, input.seed, `reading-order/1 ${input.round} ${input.reader}`)
  const order = spacedOrder(stream, cases, distance)
  return {
    algorithmVersion: ORDER_ALGORITHM,
    seed: input.seed,
    reader: input.reader,
    round: input.round,
    caseIds: order.map(({ caseId }) => caseId),
    casesBetweenSamePatient: { wanted: input.casesBetween, achieved: smallestGap(order) },
  }
}

/** Fewest cases between two of one patient; null when nobody has two. */
export function smallestGap(order: readonly Pick<OrderedCase, 'patientCode'>[]): number | null {
  const last = new Map<PatientCode, number>()
  let smallest: number | null = null
  for (const [place, { patientCode }] of order.entries()) {
    const before = last.get(patientCode)
    if (before !== undefined) smallest = Math.min(smallest ?? Number.POSITIVE_INFINITY, place - before - 1)
    last.set(patientCode, place)
  }
  return smallest
}

/**
 * The cases that a repeat takes: a share of them, rounded, drawn from the seed for this reader and round (`repeat` read,
 * hidden repeats). In the order of the draw.
 *
 * @param share  percent, 0 to 100
 */
export function drawShare<T extends Pick<OrderedCase, 'caseId'>>(
  sha256: Sha256,
  cases: readonly T[],
  { seed, reader, round, share }: { seed: Seed; reader: ReaderCode; round: string; share: number },
): T[] {
  const stream = randomStream(sha256, seed, `share/1 ${round} ${reader}`)
  const drawn = shuffled(
    stream,
    sortedByCode(cases, ({ caseId }) => caseId),
  )
  return drawn.slice(0, Math.round((cases.length * share) / 100))
}
