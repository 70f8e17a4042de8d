import { z } from 'zod'
import type { Modality } from './modality.ts'
import type { Protocol } from './protocol.ts'
import type { Criterion } from './protocol-document.ts'

/** Does the criterion apply to the patient? An inclusion criterion wants yes, an exclusion criterion no. */
export const CriterionAnswer = z.enum(['yes', 'no', 'unknown'])
export type CriterionAnswer = z.infer<typeof CriterionAnswer>
export type CriterionAnswers = Readonly<Record<string, CriterionAnswer>>

export type Eligibility =
  | { readonly kind: 'eligible' }
  /** Every criterion that keeps the patient out, in the protocol's order; the first one is the main reason. */
  | { readonly kind: 'excluded'; readonly codes: readonly string[] }
  /** Criteria that are still unanswered or unknown, while none keeps the patient out. */
  | { readonly kind: 'undecided'; readonly open: readonly string[] }

/**
 * Eligibility by the protocol's criteria. One failed criterion decides, even while others are open; otherwise everything
 * must be answered. Unknown is never taken as no.
 *
 * @throws {RangeError} an answer to a criterion that the protocol does not have
 */
export function eligibility(protocol: Pick<Protocol, 'eligibility'>, answers: CriterionAnswers): Eligibility {
  const { criteria } = protocol.eligibility
  const stray = Object.keys(answers).find((code) => !criteria.some((criterion) => criterion.code === code))
  if (stray !== undefined) throw new RangeError(`eligibility: no criterion ${stray}`)
  const failed = criteria.filter(({ code, kind }) => answers[code] === (kind === 'inclusion' ? 'no' : 'yes'))
  if (failed.length > 0) return { kind: 'excluded', codes: failed.map(({ code }) => code) }
  const open = criteria.filter(({ code }) => (answers[code] ?? 'unknown') === 'unknown')
  return open.length > 0 ? { kind: 'undecided', open: open.map(({ code }) => code) } : { kind: 'eligible' }
}

/** What the system knows of a patient; null where it does not know. */
export type ScreeningFacts = {
  readonly ageYears: number | null
  /** Decided before the dates were shifted. */
  readonly isImagedInPeriod: boolean | null
  readonly modalities: readonly Modality[]
}

/** Answers proposed from data for the criteria that allow it. A person signs them; they decide nothing by themselves. */
export function proposedAnswers(
  protocol: Pick<Protocol, 'eligibility'>,
  facts: ScreeningFacts,
): Record<string, CriterionAnswer> {
  return Object.fromEntries(
    protocol.eligibility.criteria.flatMap(({ code, proposal }) =>
      proposal ? [[code, proposed(proposal, facts)]] : [],
    ),
  )
}

function proposed(proposal: NonNullable<Criterion['proposal']>, facts: ScreeningFacts): CriterionAnswer {
  switch (proposal.from) {
    case 'imaged_in_period':
      return yesNo(facts.isImagedInPeriod)
    case 'minimum_age':
      return yesNo(facts.ageYears === null ? null : facts.ageYears >= proposal.years)
    case 'modalities':
      return yesNo(proposal.any.some((modality) => facts.modalities.includes(modality)))
  }
}

function yesNo(fact: boolean | null): CriterionAnswer {
  if (fact === null) return 'unknown'
  return fact ? 'yes' : 'no'
}
