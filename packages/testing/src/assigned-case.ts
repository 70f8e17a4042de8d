import type { connect } from '@facetgrade/db/connect'
import type { Modality } from '@facetgrade/grading/modality'
import type { Protocol } from '@facetgrade/grading/protocol'
import type { PgBoss } from 'pg-boss'
import { gradableExams } from './gradable-exams.ts'
import { aRoster, type RosterPatient } from './signed-readings.ts'
import { aWorld, type PersonName, type World, type WorldPerson } from './study-world.ts'

export type AssignedStudy = {
  world: World
  studyCode: string
  roster: readonly RosterPatient[]
  /** The id of a reader's n-th assignment, n from 0. */
  assignmentOf: (name: PersonName, index?: number) => Promise<string>
}

/** A study whose cases are handed out to its four readers. */
export async function anAssignedStudy(
  db: ReturnType<typeof connect>,
  boss: PgBoss,
  {
    patients = 1,
    modalities = ['ct'],
    blobHash,
    protocol,
  }: { patients?: number; modalities?: readonly Modality[]; blobHash?: string; protocol?: Protocol } = {},
): Promise<AssignedStudy> {
  const world = await aWorld(db, boss, protocol === undefined ? {} : { protocol })
  const { studyCode } = world
  const roster = await aRoster(
    db,
    world,
    Array.from({ length: patients }, () => ({ part: 'train' as const, modalities })),
  )
  await gradableExams(db, world, roster, blobHash)
  await world.as('investigator').caller.assignments.create({ studyCode })
  return {
    world,
    studyCode,
    roster,
    assignmentOf: async (name, index = 0) => {
      const { rows } = await world.as(name).caller.assignments.mine({ studyCode })
      const assignmentId = rows[index]?.assignmentId
      if (!assignmentId) throw new Error(`${name} has no assignment ${index}`)
      return assignmentId
    },
  }
}

/** Opens the case and answers every cell that is asked; the head to sign. */
export async function gradeWholeCase(
  reader: WorldPerson['caller'],
  { studyCode, assignmentId, grade = 1 }: { studyCode: string; assignmentId: string; grade?: number },
): Promise<{ sequence: number; hash: string }> {
  await reader.cases.open({ studyCode, assignmentId })
  const { cells, head } = await reader.readings.show({ studyCode, assignmentId })
  const open = cells.filter(({ value }) => value.kind === 'not_graded')
  if (open.length === 0) return head
  const acknowledged = await reader.readings.append({
    studyCode,
    assignmentId,
    knownSequence: head.sequence,
    events: open.map(({ cell }, index) => ({
      id: crypto.randomUUID(),
      cell,
      value: { kind: 'graded', grade },
      how: 'entered',
      clientOffsetMs: 100 * index,
    })),
  })
  return acknowledged.head
}
