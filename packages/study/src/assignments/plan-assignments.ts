import type { Modality } from '@facetgrade/grading/modality'
import type { Protocol } from '@facetgrade/grading/protocol'
import { readsCase } from '@facetgrade/grading/reader-groups'
import type { ActiveReader, AssignedCase, RosterPatient } from './assignment-store.ts'
import { indexExam } from './index-exam.ts'

export type PlannedCase = { patientId: string; patientCode: string; modality: Modality; examId: string }
export type AssignmentPlan = {
  perReader: ReadonlyMap<string, readonly PlannedCase[]>
  /** Patients whose levels the coordinator has not numbered yet: they come with a later call. */
  withoutNumbering: number
  /** Patients × modalities with exams of which none is complete. */
  withoutCompleteExam: number
}

/**
 * Who still has to read what: every numbered patient of the roster × every modality with a complete exam × as many
 * readers of each group as the protocol says. A case of a reader who left counts only when it was signed, so that a
 * successor takes over what was open and denominators stay; nobody gets a case twice.
 */
export function planAssignments(
  protocol: Protocol,
  {
    roster,
    readers,
    held,
  }: { roster: readonly RosterPatient[]; readers: readonly ActiveReader[]; held: readonly AssignedCase[] },
): AssignmentPlan {
  const holders = Map.groupBy(held, ({ patientId, modality }) => `${patientId}/${modality}`)
  const perReader = new Map<string, PlannedCase[]>()
  let withoutCompleteExam = 0
  for (const patient of roster) {
    if (!patient.hasNumbering) continue
    for (const modality of protocol.modalities) {
      if (!patient.exams.some((exam) => exam.modality === modality)) continue
      const exam = indexExam(protocol, patient.exams, modality)
      if (!exam) {
        withoutCompleteExam += 1
        continue
      }
      const holding = holders.get(`${patient.patientId}/${modality}`) ?? []
      for (const group of protocol.readerGroups) {
        if (!readsCase(group, modality, patient.part)) continue
        const inGroup = holding.filter(({ readerGroup }) => readerGroup === group.name)
        const free = readers.filter(
          (reader) =>
            reader.readerGroup === group.name && !inGroup.some(({ memberId }) => memberId === reader.memberId),
        )
        for (const { memberId } of free.slice(0, Math.max(0, group.readers - inGroup.length))) {
          const { patientId, patientCode } = patient
          const planned = perReader.get(memberId) ?? []
          planned.push({ patientId, patientCode, modality, examId: exam.examId })
          perReader.set(memberId, planned)
        }
      }
    }
  }
  return {
    perReader,
    withoutNumbering: roster.filter(({ hasNumbering }) => !hasNumbering).length,
    withoutCompleteExam,
  }
}
