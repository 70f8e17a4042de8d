import type { CellValue } from './cell.ts'
import type { Feature } from './feature.ts'
import type { Modality } from './modality.ts'
import type { Protocol } from './protocol.ts'
import { scaleOf } from './protocol-cells.ts'
import type { SeverityRule } from './protocol-document.ts'

/** The derived whole-joint grade, 0 to 3: known, or the interval in which it must lie. */
export type Severity =
  | { readonly kind: 'exact'; readonly grade: number }
  | { readonly kind: 'interval'; readonly lowest: number; readonly highest: number }

type Range = { readonly lowest: number; readonly highest: number }
const MOST = 3

/**
 * Weishaupt grade of one joint from its five features, by the protocol's tables and switches.
 *
 * A feature without a grade (not assessable, not asked in the modality, not graded) is never guessed: the interval runs
 * from the grade with all of them at nothing to the grade with all of them at the most they can contribute. A feature
 * that the modality does not ask still counts, so on X-ray, without erosion and cyst, severity is mostly an interval.
 * Analyses count an interval as missing.
 *
 * @param values  by feature; an absent one counts as not graded
 * @throws {RangeError} a grade outside the feature's scale
 * @see Weishaupt et al. (1999) Skeletal Radiol 28:215
 */
export function severity(
  protocol: Protocol,
  modality: Modality,
  values: Readonly<Partial<Record<Feature, CellValue>>>,
): Severity {
  const rule = protocol.severity
  const range = (feature: Feature): Range => contribution(protocol, modality, { feature, value: values[feature] })
  const narrowing = range('narrowing')
  const others = (['hypertrophy', 'osteophytes', 'erosion', 'cyst'] as const).map(range)
  const lowest = whole(
    rule,
    narrowing.lowest,
    others.map((other) => other.lowest),
  )
  const highest = whole(
    rule,
    narrowing.highest,
    others.map((other) => other.highest),
  )
  return lowest === highest ? { kind: 'exact', grade: lowest } : { kind: 'interval', lowest, highest }
}

/** Rises with each of its arguments, which is why the ends of the ranges make the ends of the interval. */
function whole(rule: SeverityRule, narrowing: number, others: readonly number[]): number {
  const most = Math.max(narrowing, ...others)
  return rule.narrowingRequired && narrowing === 0 ? Math.min(1, most) : most
}

function contribution(
  protocol: Protocol,
  modality: Modality,
  { feature, value }: { feature: Feature; value: CellValue | undefined },
): Range {
  const levels = scaleOf(protocol, modality, feature)?.length
  if (levels === undefined) return { lowest: 0, highest: mostUnasked(protocol.severity, feature) }
  if (value?.kind !== 'graded') {
    return { lowest: 0, highest: severityOfGrade(protocol.severity, { modality, feature, levels, grade: levels - 1 }) }
  }
  if (value.grade >= levels) throw new RangeError(`severity: grade ${value.grade} of ${feature}, a scale of ${levels}`)
  const exact = severityOfGrade(protocol.severity, { modality, feature, levels, grade: value.grade })
  return { lowest: exact, highest: exact }
}

function mostUnasked(rule: SeverityRule, feature: Feature): number {
  return feature === 'narrowing' && !rule.severeNarrowingLifts ? 1 : MOST
}

function severityOfGrade(
  rule: SeverityRule,
  { modality, feature, levels, grade }: { modality: Modality; feature: Feature; levels: number; grade: number },
): number {
  if (grade === 0) return 0
  if (feature === 'narrowing') return rule.severeNarrowingLifts && grade === levels - 1 ? MOST : 1
  if (feature === 'cyst') return rule.smallestCystIsSevere || grade > 1 ? MOST : 2
  const table = rule.tables[modality]?.[feature]
  const entry = table?.[grade]
  if (entry === undefined) throw new RangeError(`severity: no table for ${feature} in ${modality}`)
  return entry
}
