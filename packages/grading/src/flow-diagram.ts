import type { Eligibility } from './eligibility.ts'
import type { Part } from './part.ts'
import type { Protocol } from './protocol.ts'
import type { PartCounts } from './split-seal.ts'

/** What the flow diagram needs of one patient. */
export type FlowPatient = {
  /** Signed screening; null while nobody has signed it. */
  readonly screening: Exclude<Eligibility, { kind: 'undecided' }> | null
  /** Null until the split is sealed. */
  readonly part: Part | null
  readonly isWithdrawn: boolean
  /** Every reading that the protocol wants of this patient is signed. */
  readonly isRead: boolean
  /** Enters the evaluation: has a reference. */
  readonly isAnalysed: boolean
}

export type FlowDiagram = {
  readonly received: number
  readonly waiting: number
  readonly screened: number
  readonly excluded: number
  /** By main reason, the first in the protocol's order; the numbers add up to `excluded`. */
  readonly exclusions: readonly { readonly code: string; readonly patients: number }[]
  readonly eligible: number
  /** Eligible, withdrawn later. They keep their place in `split` and are in neither `read` nor `analysed`. */
  readonly withdrawn: number
  readonly split: PartCounts
  readonly read: PartCounts
  readonly analysed: PartCounts
}

/**
 * Counts for the flow diagram (STARD 2015 item 19), in patients. Always computed from the patients as they are now, so
 * the diagram is never older than the data.
 */
export function flowDiagram(protocol: Pick<Protocol, 'eligibility'>, patients: Iterable<FlowPatient>): FlowDiagram {
  const reasons = new Map(protocol.eligibility.criteria.map(({ code }) => [code, 0]))
  const split = noPatients()
  const read = noPatients()
  const analysed = noPatients()
  let received = 0
  let screened = 0
  let eligible = 0
  let withdrawn = 0
  for (const patient of patients) {
    received += 1
    if (!patient.screening) continue
    screened += 1
    if (patient.screening.kind === 'excluded') {
      const [main] = patient.screening.codes
      if (main === undefined) throw new RangeError('flowDiagram: excluded without a reason')
      reasons.set(main, (reasons.get(main) ?? 0) + 1)
      continue
    }
    eligible += 1
    if (patient.isWithdrawn) withdrawn += 1
    if (patient.part === null) continue
    split[patient.part] += 1
    if (patient.isWithdrawn) continue
    if (patient.isRead) read[patient.part] += 1
    if (patient.isAnalysed) analysed[patient.part] += 1
  }
  const exclusions = Array.from(reasons, ([code, count]) => ({ code, patients: count }))
  const excluded = screened - eligible
  return {
    received,
    waiting: received - screened,
    screened,
    excluded,
    exclusions,
    eligible,
    withdrawn,
    split,
    read,
    analysed,
  }
}

function noPatients(): { -readonly [P in Part]: number } {
  return { train: 0, validation: 0, test: 0 }
}
