import { type FlowDiagram, type FlowPatient, flowDiagram } from '@facetgrade/grading/flow-diagram'
import { MODALITIES } from '@facetgrade/grading/modality'
import { PARTS } from '@facetgrade/grading/part'
import type { Protocol } from '@facetgrade/grading/protocol'
import type { Criterion } from '@facetgrade/grading/protocol-document'
import { readsCase } from '@facetgrade/grading/reader-groups'
import type { OpenWall, StudyActor } from '../procedure.ts'
import type { FlowGroup, WantedReadings } from './screening-store.ts'

type Stages = Pick<FlowDiagram, 'split' | 'read' | 'analysed'>
export type StudyFlow = Omit<FlowDiagram, keyof Stages> & {
  protocolVersion: number
  criteria: readonly Pick<Criterion, 'code' | 'kind' | 'text'>[]
  /** Patients, over all parts. */
  totals: Record<keyof Stages, number>
  /**
   * The same by part; null for a coordinator, who could read a late patient's part off the counts before and after the
   * signature.
   */
  byPart: Stages | null
}

/** The flow diagram as it is now (STARD 2015 item 19): counted in the database, four statements for any number of patients. */
export async function showFlow(ctx: Pick<OpenWall, 'stores' | 'asSystem'> & { actor: StudyActor }): Promise<StudyFlow> {
  const { studyId, role } = ctx.actor
  const { protocol, version } = await ctx.stores.protocol.latest(studyId)
  const at = { round: firstRound(protocol), wanted: wantedReadings(protocol) }
  const groups = await ctx.asSystem((system) => system.screening.flowGroups(studyId, at))
  const { split, read, analysed, ...counts } = flowDiagram(protocol, patientsOf(groups))
  return {
    ...counts,
    protocolVersion: version,
    criteria: protocol.eligibility.criteria.map(({ code, kind, text }) => ({ code, kind, text })),
    totals: { split: sum(split), read: sum(read), analysed: sum(analysed) },
    byPart: role === 'coordinator' ? null : { split, read, analysed },
  }
}

/** The same counts as an evaluation keeps them, of the whole roster; needs the system's stores. */
export async function flowCounts(
  { screening }: Pick<OpenWall['stores'], 'screening'>,
  { studyId, protocol }: { studyId: string; protocol: Protocol },
) {
  const groups = await screening.flowGroups(studyId, { round: firstRound(protocol), wanted: wantedReadings(protocol) })
  const flow = flowDiagram(protocol, patientsOf(groups))
  const count = (of: (group: FlowGroup) => boolean): number =>
    groups.filter(of).reduce((total, { patients }) => total + patients, 0)
  return {
    enrolled: flow.received,
    notScreened: flow.waiting,
    excluded: flow.exclusions.map(({ code, patients }) => ({ criterion: code, patients })),
    excludedPatients: flow.excluded,
    eligible: flow.eligible,
    parts: PARTS.map((part) => ({
      part,
      patients: count((group) => group.part === part),
      withdrawn: count((group) => group.part === part && group.isWithdrawn),
    })),
  }
}

const sum = ({ train, validation, test }: Stages['split']): number => train + validation + test

function firstRound({ rounds }: Pick<Protocol, 'rounds'>): string {
  const first = rounds.find(({ kind }) => kind === 'first')
  if (!first) throw new RangeError('showFlow: the protocol has no first round')
  return first.name
}

function wantedReadings(protocol: Protocol): WantedReadings[] {
  return protocol.readerGroups.flatMap((group) =>
    MODALITIES.flatMap((modality) =>
      PARTS.filter((part) => readsCase(group, modality, part)).map((part) => ({
        modality,
        part,
        readerGroup: group.name,
        readers: group.readers,
      })),
    ),
  )
}

function* patientsOf(groups: readonly FlowGroup[]): Generator<FlowPatient> {
  for (const { standing, codes, patients, ...rest } of groups) {
    const screening =
      standing === 'eligible'
        ? ({ kind: 'eligible' } as const)
        : standing === 'excluded'
          ? ({ kind: 'excluded', codes } as const)
          : null
    for (let patient = 0; patient < patients; patient += 1) yield { ...rest, screening }
  }
}
