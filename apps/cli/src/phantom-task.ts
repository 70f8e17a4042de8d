import type { CohortSettings, GradeCounts } from '@facetgrade/phantom/cohort-tables'
import type { PhantomPatient } from '@facetgrade/phantom/phantom-patient'

/** What a phantom worker is started with: where to write, and which cohort. */
export type PhantomWorkerData = { folder: string; settings: CohortSettings }
export type PhantomTask = { index: number }
/** One patient's tables; its files are on the disk by now. */
export type PhantomAnswer = Pick<PhantomPatient, 'patient' | 'truth' | 'exams'> & {
  index: number
  files: number
  bytes: number
  grades: GradeCounts
}
