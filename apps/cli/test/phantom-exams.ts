import { createHash } from 'node:crypto'
import type { CellFeature } from '@facetgrade/grading/feature'
import { jointId } from '@facetgrade/grading/joint'
import type { JointPoint } from '@facetgrade/grading/points'
import type { Protocol } from '@facetgrade/grading/protocol'
import type { ExamImages } from '@facetgrade/inference/exam-volumes'
import type { DicomModality } from '@facetgrade/phantom/exam-context'
import type { Prevalence } from '@facetgrade/phantom/joint-grades'
import { phantomPatient } from '@facetgrade/phantom/phantom-patient'
import { labelsOfTruth } from '@facetgrade/study/training-export/joint-labels'
import { folderExams } from '../src/dicom-folder.ts'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

export type PhantomExam = {
  readonly images: ExamImages
  readonly points: readonly JointPoint[]
  /** Grade of every cell that this modality shows, `L4L5-left/cyst`. */
  readonly truth: ReadonlyMap<string, number>
}
export type PhantomCase = {
  readonly patientId: string
  readonly ageYears: number
  readonly sex: 'F' | 'M'
  readonly exams: readonly PhantomExam[]
}

export type PhantomRequest = {
  readonly seed: string
  readonly index: number
  readonly modalities: readonly DicomModality[]
  readonly prevalence: Prevalence
  readonly protocol: Protocol
}

export const truthKey = (level: string, side: string, feature: CellFeature): string => `${level}-${side}/${feature}`

/** A phantom patient of a cohort with the exams that its files make, all in memory. */
export async function phantomCase({ protocol, ...request }: PhantomRequest): Promise<PhantomCase> {
  const { patient, files, truth, exams: points } = phantomPatient({ ...request, sha256, size: 'compact' })
  const { exams } = await folderExams(
    files.map(({ name, modality, bytes }) => ({
      name: `${modality}/${name}`,
      size: bytes.length,
      read: async () => bytes,
    })),
    () => undefined,
  )
  const made = exams.flatMap(({ images, modality, studyInstanceUid }): PhantomExam[] => {
    if (!images) return []
    const labels = labelsOfTruth({ protocol, modality }, truth)
    return [
      {
        images,
        points: points.find(({ study_uid: uid }) => uid === studyInstanceUid)?.points ?? [],
        truth: new Map(
          labels.flatMap(({ level, side, feature, grades }) =>
            grades[0] === undefined ? [] : [[`${jointId(level, side)}/${feature}`, grades[0]] as const],
          ),
        ),
      },
    ]
  })
  return { patientId: patient.patientId, ageYears: patient.ageYears, sex: patient.sex, exams: made }
}
