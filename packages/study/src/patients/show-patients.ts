import type { Modality } from '@facetgrade/grading/modality'
import type { SeriesRow } from '../exams/exam-store.ts'
import type { Stores } from '../stores.ts'
import { StudyError } from '../study-error.ts'
import type { PatientRow } from './patient-store.ts'

/** What the office sees of a patient: never the HMAC of the birth date. */
export type PatientView = Omit<PatientRow, 'birthDateHmac' | 'withdrawnBy'>
export type PatientListRow = PatientView & { exams: Readonly<Partial<Record<Modality, number>>> }
export type PatientDetail = PatientView & {
  exams: readonly {
    examId: string
    modality: Modality
    shiftedDate: string | null
    series: readonly Omit<SeriesRow, 'examId' | 'seriesInstanceUid'>[]
  }[]
}

const viewOf = ({ birthDateHmac: _hmac, withdrawnBy: _by, ...patient }: PatientRow): PatientView => patient

export async function listPatients(
  stores: Stores,
  page: { studyId: string; after?: string | undefined; limit: number },
): Promise<{ rows: readonly PatientListRow[]; next: string | null; total: number }> {
  const patients = await stores.patients.list({ ...page, after: page.after })
  const exams = Map.groupBy(
    await stores.exams.ofPatients(patients.map((patient) => patient.patientId)),
    (exam) => exam.patientId,
  )
  const rows = patients.map((patient) => {
    const counts: Partial<Record<Modality, number>> = {}
    for (const { modality } of exams.get(patient.patientId) ?? []) counts[modality] = (counts[modality] ?? 0) + 1
    return { ...viewOf(patient), exams: counts }
  })
  const total = await stores.patients.count(page.studyId)
  return { rows, total, next: rows.length === page.limit ? (rows.at(-1)?.patientId ?? null) : null }
}

export async function showPatient(stores: Stores, patientId: string): Promise<PatientDetail> {
  const patient = await stores.patients.find(patientId)
  if (!patient) throw new StudyError('NOT_FOUND')
  const exams = await stores.exams.ofPatients([patientId])
  const series = Map.groupBy(await stores.exams.series(exams.map((exam) => exam.examId)), (one) => one.examId)
  return {
    ...viewOf(patient),
    exams: exams.map(({ examId, modality, shiftedDate }) => ({
      examId,
      modality,
      shiftedDate,
      series: (series.get(examId) ?? []).map(({ examId: _exam, seriesInstanceUid: _uid, ...one }) => one),
    })),
  }
}
