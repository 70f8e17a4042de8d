import { FEATURES } from '@facetgrade/grading/feature'
import type { JointId } from '@facetgrade/grading/joint'
import type { JointPoint } from '@facetgrade/grading/points'
import type { Sha256 } from '@facetgrade/grading/sha256'
import type { ExamPoints, TruthRow } from './cohort-tables.ts'
import { ctAcquisition, ctObjects } from './ct-exam.ts'
import { drawsOf } from './draws.ts'
import { dxInstanceUid, dxObjects } from './dx-exam.ts'
import { type DicomModality, type ExamContext, type ExamObject, type ExamSize, uidOf } from './exam-context.ts'
import { type InventedPatient, inventPatient } from './invented-patient.ts'
import { drawGrades, type JointGrades, type Prevalence } from './joint-grades.ts'
import { mrAcquisition, mrObjects } from './mr-exam.ts'
import { type Pose, toExam } from './pose.ts'
import { type DxAcquisition, dxAcquisition, projectPoint } from './radiograph.ts'
import { gradedJoints, jointCentre, spineOf } from './spine.ts'
import { textureOf } from './texture.ts'
import { shows, TURN_DEGREES, VIEWS } from './view.ts'
import { type Sight, sightOfCt, sightOfMr, visibilityOf } from './visibility.ts'

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
  size: ExamSize
  prevalence: Prevalence
}

/** Patient number `index` of a cohort; the same request gives the same bytes, whatever else is made beside it. */
export function phantomPatient(request: PatientRequest): PhantomPatient {
  const { context, grades } = contextOf(request)
  const made = request.modalities.map((modality) => EXAMS[modality](context))
  return {
    patient: context.patient,
    grades,
    files: made.flatMap(({ objects }) => named(objects)),
    truth: made.flatMap(({ truth }) => truth),
    exams: made.map(({ points }) => points),
  }
}

/** The patient and the spine, before any image is taken. */
export function contextOf(request: Omit<PatientRequest, 'modalities'>): {
  context: ExamContext
  grades: ReadonlyMap<JointId, JointGrades>
} {
  const { sha256, seed, index, prevalence, size } = request
  const draws = drawsOf(sha256, seed, `patient-${index}`)
  const patient = inventPatient(draws, { sha256, seed, index })
  const grades = drawGrades(draws, { ...patient, prevalence })
  const { height_cm: height, weight_kg: weight } = patient.clinical
  const spine = spineOf(sha256, sha256(`${seed}|${index}`), {
    ageYears: patient.ageYears,
    sex: patient.sex,
    weightIndex: weight / (height / 100) ** 2,
    grades,
  })
  const texture = textureOf(drawsOf(sha256, seed, `texture-${index}`))
  return { context: { sha256, seed, patient, spine, texture, size }, grades }
}

type MadeExam = { objects: ExamObject[]; truth: TruthRow[]; points: ExamPoints }

const EXAMS: Record<DicomModality, (context: ExamContext) => MadeExam> = {
  CT: (context) => {
    const acquisition = ctAcquisition(context)
    const { pixelMm, spacingMm } = acquisition.grid
    const sight = sightOfCt(context.spine.ageYears, { pixelMm, spacingMm, noiseHu: acquisition.noiseHu })
    return {
      objects: ctObjects(context, acquisition),
      truth: truthOf(context, 'ct', () => sight),
      points: volumePoints(context, 'CT', acquisition.pose),
    }
  },
  MR: (context) => {
    const acquisition = mrAcquisition(context)
    const { pixelMm, spacingMm } = acquisition.axial
    const sight = sightOfMr(context.spine.ageYears, { pixelMm, spacingMm, noise: acquisition.noise })
    return {
      objects: mrObjects(context, acquisition),
      truth: truthOf(context, 'mr', () => sight),
      points: volumePoints(context, 'MR', acquisition.pose),
    }
  },
  DX: (context) => {
    const acquisition = dxAcquisition(context)
    return {
      objects: dxObjects(context, acquisition),
      truth: truthOf(context, 'xray', (joint) => ({
        modality: 'xray',
        pixelMm: acquisition.pixelMm,
        noise: 1 / Math.sqrt(acquisition.photons * acquisition.pixelMm ** 2),
        offTangentDegrees: offTangent(acquisition, joint),
      })),
      points: imagePoints(context, acquisition),
    }
  },
}

type Joint = ReturnType<typeof gradedJoints>[number]

/** Smallest angle between a joint's plane and the beam, over the views that show the joint. */
function offTangent({ turnError }: DxAcquisition, { side, form }: Joint): number {
  const plane = side === 'right' ? form.angleDegrees : -form.angleDegrees
  return Math.min(
    ...VIEWS.filter((view) => view !== 'LL' && shows(view, side)).map((view) =>
      Math.abs(plane - TURN_DEGREES[view] - turnError[view]),
    ),
  )
}

function truthOf(
  { spine, patient }: ExamContext,
  modality: TruthRow['modality'],
  sightOf: (joint: Joint) => Sight,
): TruthRow[] {
  const asked = FEATURES.filter((feature) => modality !== 'xray' || (feature !== 'erosion' && feature !== 'cyst'))
  return gradedJoints(spine).flatMap((joint) =>
    asked.map((feature) => ({
      issuer: patient.issuer,
      patientId: patient.patientId,
      modality,
      level: joint.level,
      side: joint.side,
      feature,
      grade: joint.form.grades[feature],
      ...visibilityOf(sightOf(joint), joint.form, feature),
    })),
  )
}

const examOf = (context: ExamContext, modality: DicomModality, points: JointPoint[]): ExamPoints => ({
  issuer: context.patient.issuer,
  patient_id: context.patient.patientId,
  modality: modality === 'DX' ? 'xray' : modality === 'CT' ? 'ct' : 'mr',
  study_uid: uidOf(context, `study-${modality}`),
  points,
})

const hundredth = (value: number): number => Math.round(value * 100) / 100

function volumePoints(context: ExamContext, modality: 'CT' | 'MR', pose: Pose): ExamPoints {
  const frameOfReference = uidOf(context, `frame-${modality}`)
  const points = gradedJoints(context.spine).map(({ disc, level, side }): JointPoint => {
    const [x, y, z] = toExam(pose, jointCentre(disc, side))
    return { level, side, kind: 'lps', mm: [hundredth(x), hundredth(y), hundredth(z)], frameOfReference }
  })
  return examOf(context, modality, points)
}

/** Both sides on the frontal and lateral views, one side on each oblique. */
function imagePoints(context: ExamContext, acquisition: DxAcquisition): ExamPoints {
  const points = VIEWS.flatMap((view) =>
    gradedJoints(context.spine)
      .filter(({ side }) => shows(view, side))
      .map(({ disc, level, side }): JointPoint => {
        const [column, row] = projectPoint(acquisition, view, jointCentre(disc, side))
        const uv: [number, number] = [hundredth(column), hundredth(row)]
        return { level, side, kind: 'image', sop: dxInstanceUid(context, view), uv }
      }),
  )
  return examOf(context, 'DX', points)
}

const named = (objects: readonly ExamObject[]): PhantomPatient['files'] =>
  objects.map(({ modality, bytes }, index) => ({ modality, bytes, name: `${String(index + 1).padStart(4, '0')}.dcm` }))
