import type { StratumVariable } from './protocol-document.ts'

/** What strata are made from; null or an absent column is a stratum of its own, `unknown`. */
export type StratumFacts = {
  readonly site: string | null
  readonly sex: string | null
  readonly ageYears: number | null
  /** The protocol's clinical columns by name; only those with codes make strata. */
  readonly columns: Readonly<Record<string, string | number | null>>
}

/** Label of the only stratum where the protocol names no variable. */
export const ALL = 'all'

/** A patient's stratum as text, such as `site=A · sex=F · age=50-64`; ALL without variables. */
export function stratumOf(variables: readonly StratumVariable[], facts: StratumFacts): string {
  if (variables.length === 0) return ALL
  return variables.map((variable) => `${nameOf(variable)}=${valueOf(variable, facts) ?? 'unknown'}`).join(' · ')
}

function nameOf(variable: StratumVariable): string {
  return variable.by === 'column' ? variable.column : variable.by
}

function valueOf(variable: StratumVariable, facts: StratumFacts): string | number | null {
  switch (variable.by) {
    case 'site':
      return facts.site
    case 'sex':
      return facts.sex
    case 'age':
      return facts.ageYears === null ? null : ageBand(variable.from, facts.ageYears)
    case 'column':
      return facts.columns[variable.column] ?? null
  }
}

/** `from` are the ages at which a band begins: [50, 65] gives `under-50`, `50-64`, `65-up`. */
function ageBand(from: readonly number[], ageYears: number): string {
  const [first = 0] = from
  if (ageYears < first) return `under-${first}`
  const index = from.findLastIndex((age) => age <= ageYears)
  const next = from[index + 1]
  return next === undefined ? `${from[index]}-up` : `${from[index]}-${next - 1}`
}
