import type { Modality } from '@facetgrade/grading/modality'
import type { PhantomTruth } from '@facetgrade/grading/phantom-truth'

export type PatientTruth = PhantomTruth & { patientId: string; modality: Modality }

export type PhantomTruthStore = {
  /** What the actor's row policies show: of the test part nothing before an unsealing, to the modeller never. */
  ofPatients(patientIds: readonly string[]): Promise<readonly PatientTruth[]>
  counts(studyId: string): Promise<{ patients: number; cells: number; visible: number }>
  /** Insert-only; how many were new. A cell that stands keeps its row. */
  add(studyId: string, cells: readonly PatientTruth[]): Promise<number>
}
