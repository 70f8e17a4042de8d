import type { Feature } from '@facetgrade/grading/feature'
import type { JointId, Level, Side } from '@facetgrade/grading/joint'
import type { Modality } from '@facetgrade/grading/modality'
import type { JointPoint } from '@facetgrade/grading/points'
import { DOSE } from './dose.ts'
import type { InventedPatient } from './invented-patient.ts'
import type { Prevalence } from './joint-grades.ts'

export const PHANTOM_NOTICE = 'synthetic phantoms; says nothing about patients'

/** What was built into one joint, and whether an exam of this modality can show it. */
export type TruthRow = {
  issuer: string
  patientId: string
  modality: Modality
  level: Level
  side: Side
  feature: Feature
  grade: number
  visible: boolean
  /** Contrast-to-noise ratio of what tells the grade, null without a lesion; see docs/phantom.md. */
  cnr: number | null
}

/** Points of one exam under its original identifiers. */
export type ExamPoints = {
  issuer: string
  patient_id: string
  modality: Modality
  study_uid: string
  points: JointPoint[]
}

export type CohortSettings = {
  seed: string
  patients: number
  modalities: readonly ('CT' | 'MR' | 'DX')[]
  size: 'compact' | 'full'
  prevalence: Prevalence
}

const lines = (rows: readonly (readonly (string | number)[])[]): string =>
  `${rows.map((row) => row.join(',')).join('\n')}\n`

const PATIENT_COLUMNS = 'issuer,patient_id,sex,age_years,site,height_cm,weight_kg,symptom_months,back_pain_nrs,leg_pain'
const TRUTH_COLUMNS = 'issuer,patient_id,modality,level,side,feature,grade,visible,cnr'

export function patientsCsv(patients: readonly InventedPatient[]): string {
  const row = ({ issuer, patientId, sex, ageYears, site, clinical }: InventedPatient) => {
    const person = [issuer, patientId, sex, ageYears, site, clinical.height_cm, clinical.weight_kg]
    return person.concat(clinical.symptom_months, clinical.back_pain_nrs, clinical.leg_pain)
  }
  return lines([PATIENT_COLUMNS.split(','), ...patients.map(row)])
}

export function truthCsv(rows: readonly TruthRow[]): string {
  const row = ({ issuer, patientId, modality, level, side, feature, grade, visible, cnr }: TruthRow) => {
    const cell = [issuer, patientId, modality, level, side, feature, grade]
    return cell.concat(visible ? 1 : 0, cnr === null ? '' : cnr.toFixed(2))
  }
  return lines([TRUTH_COLUMNS.split(','), ...rows.map(row)])
}

export const pointsJson = (exams: readonly ExamPoints[]): string =>
  `${JSON.stringify({ format: 'facetgrade-points/1', exams }, null, 1)}\n`

export type GradeCounts = Readonly<Record<string, readonly number[]>>

/** How many joints have each grade of each feature, over the cohort. */
export function gradeCounts(grades: readonly ReadonlyMap<JointId, Readonly<Record<string, number>>>[]): GradeCounts {
  const counts: Record<string, number[]> = {}
  for (const patient of grades) {
    for (const joint of patient.values()) {
      for (const [feature, grade] of Object.entries(joint)) {
        counts[feature] ??= [0, 0, 0, 0]
        const row = counts[feature]
        row[grade] = (row[grade] ?? 0) + 1
      }
    }
  }
  return counts
}

/** The folder's own description. Nothing in it depends on when or where it was made. */
export const manifestJson = (settings: CohortSettings, made: { files: number; grades: GradeCounts }): string =>
  `${JSON.stringify(
    {
      format: 'facetgrade-phantom/1',
      notice: PHANTOM_NOTICE,
      generator: GENERATOR_VERSION,
      ...settings,
      ...made,
      dose: DOSE,
    },
    null,
    2,
  )}\n`

/** Raised whenever the same seed gives other bytes. */
export const GENERATOR_VERSION = '2'
