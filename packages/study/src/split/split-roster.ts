import type { Protocol } from '@facetgrade/grading/protocol'
import { type RosterEntry, splitRoster } from '@facetgrade/grading/split'
import type { SplitSeal } from '@facetgrade/grading/split-seal'
import { stratumOf } from '@facetgrade/grading/stratum'
import { sha256 } from '../sha256.ts'
import type { Candidate, Standing } from './split-store.ts'

export type LeftOut = Record<Exclude<Standing, 'eligible'>, number>

export type StudyRoster = {
  /** Eligible after both looks and not withdrawn. */
  entries: readonly (RosterEntry & { patientId: string })[]
  /** Patients who are not in the roster, by reason. */
  leftOut: LeftOut
}

/** The patient's stratum as the protocol cuts strata. */
export const stratumIn = (protocol: Pick<Protocol, 'split'>, { sex, ageYears, site, clinical }: Candidate): string =>
  stratumOf(protocol.split.strata, { sex, ageYears, site, columns: clinical })

export function studyRoster(protocol: Pick<Protocol, 'split'>, candidates: readonly Candidate[]): StudyRoster {
  const leftOut: LeftOut = { not_screened: 0, second_look_missing: 0, excluded: 0, withdrawn: 0 }
  const entries: StudyRoster['entries'][number][] = []
  for (const candidate of candidates) {
    const { patientId, patientCode, standing } = candidate
    if (standing === 'eligible') entries.push({ patientId, patientCode, stratum: stratumIn(protocol, candidate) })
    else leftOut[standing] += 1
  }
  return { entries, leftOut }
}

/** Preview and seal are this same draw. */
export const drawSplit = (
  { protocol, version }: { protocol: Pick<Protocol, 'split'>; version: number },
  seed: string,
  entries: StudyRoster['entries'],
): SplitSeal => splitRoster(sha256, { seed, protocolVersion: version, ratios: protocol.split.ratios, roster: entries })
