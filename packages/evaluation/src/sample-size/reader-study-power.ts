import { chiSquaredQuantile } from '../distribution/chi-squared.ts'
import { fQuantile } from '../distribution/f-ratio.ts'
import { noncentralFUpper } from '../distribution/noncentral-f.ts'
import { normalUpper } from '../distribution/normal.ts'

/** Obuchowski–Rockette components of a pilot with `cases` patients. */
export type Pilot = {
  readonly cases: number
  readonly testReader: number
  readonly variance: number
  readonly cov1: number
  readonly cov2: number
  readonly cov3: number
}

export type PlannedStudy = {
  readonly readers: number
  readonly cases: number
  readonly effect: number
  readonly alpha: number
}

export type Power = {
  readonly power: number
  readonly noncentrality: number
  readonly df2: number | null
  readonly critical: number
}

/**
 * Power to detect a difference between two tests with J readers and K patients; pilot covariances scale as pilot over planned cases, a
 * negative reader variance counts as 0.
 *
 * @returns readers and patients random, readers fixed, patients fixed; null with one reader where readers are random
 * @throws {RangeError} readers or cases below 1, effect 0, alpha outside (0, 1)
 * @see Hillis (2011) Acad Radiol 18:129; methods 2.13. Oracle: RJafroc 2.1.2 SsPowerGivenJK
 */
export function readerStudyPower(
  pilot: Pilot,
  study: PlannedStudy,
): { randomBoth: Power | null; fixedReaders: Power; fixedCases: Power | null } {
  const { readers, cases, effect, alpha } = study
  if (!(readers >= 1 && cases >= 1)) throw new RangeError(`readerStudyPower: ${readers} readers, ${cases} patients`)
  if (effect === 0 || !(alpha > 0 && alpha < 1))
    throw new RangeError(`readerStudyPower: effect ${effect}, alpha ${alpha}`)
  const scale = pilot.cases / cases
  const testReader = Math.max(0, pilot.testReader)
  const shared = Math.max(pilot.cov2 - pilot.cov3, 0)
  const own = pilot.variance - pilot.cov1
  const signal = (readers * effect ** 2) / 2
  const ofCases = scale * (own + (readers - 1) * shared)
  const ofReaders = testReader + scale * (own - shared)
  const both = testReader + ofCases
  return {
    randomBoth: readers < 2 ? null : fPower(signal / both, ((readers - 1) * both ** 2) / ofReaders ** 2, alpha),
    fixedReaders: chiSquaredPower(signal / ofCases, alpha),
    fixedCases: readers < 2 ? null : fPower(signal / ofReaders, readers - 1, alpha),
  }
}

/**
 * Fewest patients that reach a power with both random.
 *
 * @returns `not_reachable` when `atMost` patients do not suffice: with few readers more patients stop helping
 */
export function casesForPower(
  pilot: Pilot,
  study: Omit<PlannedStudy, 'cases'>,
  goal: { readonly power: number; readonly atMost: number },
): { cases: number; power: number } | 'not_reachable' {
  const reached = (cases: number): number => readerStudyPower(pilot, { ...study, cases }).randomBoth?.power ?? 0
  if (reached(goal.atMost) < goal.power) return 'not_reachable'
  let low = 1
  let high = goal.atMost
  while (low < high) {
    const middle = (low + high) >> 1
    if (reached(middle) < goal.power) low = middle + 1
    else high = middle
  }
  return { cases: low, power: reached(low) }
}

function fPower(noncentrality: number, df2: number, alpha: number): Power {
  const critical = fQuantile(1 - alpha, 1, df2)
  return { power: noncentralFUpper(critical, [1, df2], noncentrality), noncentrality, df2, critical }
}

function chiSquaredPower(noncentrality: number, alpha: number): Power {
  const critical = chiSquaredQuantile(1 - alpha, 1)
  const [shift, cut] = [Math.sqrt(noncentrality), Math.sqrt(critical)]
  return { power: normalUpper(cut - shift) + normalUpper(cut + shift), noncentrality, df2: null, critical }
}
