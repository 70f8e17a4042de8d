import { Modality, modalityOfDicom } from '@facetgrade/grading/modality'
import type { JointPoint } from '@facetgrade/grading/points'
import type { PointsFile } from '@facetgrade/grading/points-file'
import { keyedUid, patientCodeOf } from './keyed-patient.ts'
import type { StudyKey } from './study-key.ts'

/** Points of one exam under its pseudonymous identifiers; `exam` is its place in the file, from 1. */
export type KeyedPoints = {
  exam: number
  patientCode: string
  modality: Modality
  studyInstanceUid: string
  points: JointPoint[]
}
export type PointsProblem = { exam: number; reason: 'PATIENT_BLANK' | 'MODALITY_UNKNOWN' }

/** Keys what a points file names, exactly as the images are keyed. Exams without a point are left out. */
export function keyPoints(
  { exams }: PointsFile,
  { key, defaultIssuer }: { key: StudyKey; defaultIssuer: string },
): { exams: KeyedPoints[]; problems: PointsProblem[] } {
  const problems: PointsProblem[] = []
  const uids = new Map<string, string>()
  const keyed = (uid: string): string => {
    const known = uids.get(uid) ?? keyedUid(key, uid)
    uids.set(uid, known)
    return known
  }
  const found = exams.flatMap(({ issuer, patient_id: patientId, modality: named, study_uid: studyUid, points }, at) => {
    const exam = at + 1
    const from = issuer.trim() || defaultIssuer.trim()
    const modality = Modality.safeParse(named.toLowerCase()).data ?? modalityOfDicom(named)
    if (from === '' || patientId.trim() === '') problems.push({ exam, reason: 'PATIENT_BLANK' })
    else if (!modality) problems.push({ exam, reason: 'MODALITY_UNKNOWN' })
    else if (points.length > 0) {
      const patientCode = patientCodeOf(key, from, patientId)
      return [{ exam, patientCode, modality, studyInstanceUid: keyed(studyUid), points: points.map(pointOf) }]
    }
    return []
  })
  return { exams: found, problems }

  function pointOf(point: JointPoint): JointPoint {
    return point.kind === 'lps'
      ? { ...point, frameOfReference: keyed(point.frameOfReference) }
      : { ...point, sop: keyed(point.sop) }
  }
}
