import type { JointId } from '@facetgrade/grading/joint'
import { LEVELS, SIDES } from '@facetgrade/grading/joint'
import type { JointPoint } from '@facetgrade/grading/points'
import type { Sha256 } from '@facetgrade/grading/sha256'
import type { ExamPoints, TruthRow } from './cohort-tables.ts'
import { drawsOf } from './draws.ts'
import { ctObjects, dxObjects, type ExamObject, mrAxialObjects, mrSagittalObjects, uidOf } from './exam-objects.ts'
import { type InventedPatient, inventPatient } from './invented-patient.ts'
import { drawGrades, type JointGrades, PHANTOM_FEATURES, type Prevalence } from './joint-grades.ts'
import { jointPoint, spineOf } from './spine.ts'

export type DicomModality = 'CT' | 'MR' | 'DX'
/** One patient's files, what was built into the joints, and where they lie. Synthetic phantoms; says nothing about patients. */
export type PhantomPatient = {
  patient: InventedPatient
  grades: ReadonlyMap<JointId, JointGrades>
  files: readonly { modality: DicomModality; name: string; bytes: Uint8Array<ArrayBuffer> }[]
  truth: readonly TruthRow[]
  exams: readonly ExamPoints[]
}
export type PatientRequest = {
  sha256: Sha256
  seed: string
  index: number
  modalities: readonly DicomModality[]
  size: 'compact' | 'full'
  prevalence: Prevalence
}

const MODALITY = { CT: 'ct', MR: 'mr', DX: 'xray' } as const

/** Patient number `index` of a cohort; the same request gives the same bytes, whatever else is made beside it. */
export function phantomPatient(request: PatientRequest): PhantomPatient {
  const { sha256, seed, index, modalities, prevalence } = request
  const draws = drawsOf(sha256, seed, `patient-${index}`)
  const patient = inventPatient(draws, { sha256, seed, index })
  const grades = drawGrades(draws, { ...patient, prevalence })
  const spine = spineOf(sha256, sha256(`${seed}-${index}`), (level, side) => {
    const built = grades.get(`${level}-${side}`)
    if (built === undefined) throw new RangeError(`no grades for ${level} ${side}`)
    return built
  })
  const maker = { sha256, seed, spine, patient }
  const objects: ExamObject[] = []
  if (modalities.includes('CT')) objects.push(...ctObjects(maker, { pixelMm: 1, sliceMm: 2 }))
  if (modalities.includes('MR'))
    objects.push(
      ...mrAxialObjects(maker, { pixelMm: 1, sliceMm: 4.4 }),
      ...mrSagittalObjects(maker, { pixelMm: 1, sliceMm: 4.4 }),
    )
  if (modalities.includes('DX')) objects.push(...dxObjects(maker, { pixelMm: 1.6 }))
  const counts = { CT: 0, MR: 0, DX: 0 }
  const pad = (value: number): string => String(value).padStart(4, '0')
  const files = objects.map(({ modality, bytes }) => {
    counts[modality] += 1
    return { modality, name: `${pad(counts[modality])}.dcm`, bytes }
  })
  const { issuer, patientId } = patient
  const truth: TruthRow[] = []
  for (const modality of modalities)
    for (const level of LEVELS)
      for (const side of SIDES)
        for (const feature of PHANTOM_FEATURES)
          if (modality !== 'DX' || (feature !== 'erosion' && feature !== 'cyst'))
            truth.push({
              issuer,
              patientId,
              modality: MODALITY[modality],
              level,
              side,
              feature,
              grade: grades.get(`${level}-${side}`)?.[feature] ?? 0,
              visible: true,
              cnr: 10,
            })
  const exams = modalities.map((modality): ExamPoints => {
    const points: JointPoint[] = spine.discs.flatMap((disc, position) =>
      SIDES.flatMap((side): JointPoint[] => {
        const level = LEVELS[LEVELS.length - 1 - position] ?? 'L5S1'
        const mm = jointPoint(disc, side)
        return modality === 'DX'
          ? []
          : [{ level, side, kind: 'lps', mm: [...mm], frameOfReference: uidOf(maker, `frame-${modality}`) }]
      }),
    )
    return {
      issuer,
      patient_id: patientId,
      modality: MODALITY[modality],
      study_uid: uidOf(maker, `study-${modality}`),
      points,
    }
  })
  return { patient, grades, files, truth, exams }
}
