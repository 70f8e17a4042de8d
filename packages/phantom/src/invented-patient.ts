import type { Sha256 } from '@facetgrade/grading/sha256'
import type { Draws } from './draws.ts'

/** An invented person, with the identifiers that a hospital's system would write into the files. */
export type InventedPatient = {
  issuer: string
  patientId: string
  name: string
  sex: 'F' | 'M'
  ageYears: number
  birthDate: string
  examDate: string
  site: string
  clinical: {
    height_cm: number
    weight_kg: number
    symptom_months: number
    back_pain_nrs: number
    leg_pain: 'none' | 'left' | 'right' | 'both'
  }
}

export const ISSUER = 'INVENTED'
const SITES = ['A', 'B', 'C'] as const
const pad = (value: number, length: number): string => String(value).padStart(length, '0')

/** The same seed and index always invent the same person; persons of different seeds have different ids. */
export function inventPatient(draws: Draws, of: { sha256: Sha256; seed: string; index: number }): InventedPatient {
  const number = pad(of.index + 1, 5)
  const sex = draws.chance(0.5) ? 'F' : 'M'
  const ageYears = Math.round(Math.min(88, Math.max(20, 55 + 15 * draws.normal())))
  const [year, month, day] = [2019 + draws.below(4), 1 + draws.below(12), 1 + draws.below(28)]
  const height = (sex === 'F' ? 159 : 170) + 6 * draws.normal()
  const weight = (height / 100) ** 2 * Math.max(17.5, 24 + 3.4 * draws.normal())
  return {
    issuer: ISSUER,
    patientId: `PH${of.sha256(of.seed).slice(0, 6).toUpperCase()}-${number}`,
    name: `Phantom^Patient${number}`,
    sex,
    ageYears,
    // Born early in the year: the age at the exam is the age in the table.
    birthDate: `${year - ageYears}0101`,
    examDate: `${year}${pad(month, 2)}${pad(day, 2)}`,
    site: SITES[draws.below(SITES.length)] ?? 'A',
    clinical: {
      height_cm: Math.round(height * 10) / 10,
      weight_kg: Math.round(weight * 10) / 10,
      symptom_months: Math.round(Math.min(360, Math.exp(2.6 + 1.1 * draws.normal()))),
      back_pain_nrs: Math.round(Math.min(10, Math.max(0, 5 + 2.2 * draws.normal()))),
      leg_pain: draws.pick(['none', 'none', 'none', 'left', 'right', 'both']),
    },
  }
}
