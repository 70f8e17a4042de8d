import { type JointId, jointId, LEVELS, SIDES } from '@facetgrade/grading/joint'
import type { Draws } from './draws.ts'

/** Grades 0–3 that the form of one joint shows. */
export type JointGrades = { narrowing: number; hypertrophy: number; osteophytes: number; erosion: number; cyst: number }

/**
 * `natural`: from a latent severity by age and level, features correlated, as in a clinic's patients. `balanced`: every
 * feature of every joint on its own, grades about equally often: for training sets, where no grade may be rare.
 */
export const PREVALENCES = ['natural', 'balanced'] as const
export type Prevalence = (typeof PREVALENCES)[number]

export const PHANTOM_FEATURES = ['narrowing', 'hypertrophy', 'osteophytes', 'erosion', 'cyst'] as const

const LEVEL_OFFSET = [-0.6, -0.3, 0.15, 0.55, 0.35] as const
const PER_YEAR = 0.045
/** Women are a little more often affected at the lower levels (model §3.2: the direction is disputed, so it is small). */
const SEX_OFFSET = { F: 0.06, M: -0.06 } as const
const PATIENT_SD = 0.35
const JOINT_SD = 0.35
/** Correlation .8 of a feature with the latent severity leaves this share of its own. */
const LOADING = 0.8
const OWN_SD = 0.6
/** Where a feature's own value passes to grade 1, 2 and 3; erosions and cysts come late. */
const THRESHOLDS: Record<(typeof PHANTOM_FEATURES)[number], readonly [number, number, number]> = {
  narrowing: [-0.1, 0.85, 1.8],
  hypertrophy: [0.35, 1.1, 2],
  osteophytes: [0.3, 1, 1.9],
  erosion: [1.1, 1.75, 2.4],
  cyst: [1.35, 1.85, 2.4],
}
const BALANCED_UP_TO = [0.34, 0.58, 0.8] as const

export function drawGrades(
  draws: Draws,
  of: { ageYears: number; sex: 'F' | 'M'; prevalence: Prevalence },
): Map<JointId, JointGrades> {
  const patient = PER_YEAR * (of.ageYears - 55) + SEX_OFFSET[of.sex] + PATIENT_SD * draws.normal()
  const grades = new Map<JointId, JointGrades>()
  LEVELS.forEach((level, index) => {
    for (const side of SIDES) {
      const latent = patient + (LEVEL_OFFSET[index] ?? 0) + JOINT_SD * draws.normal()
      const grade = (feature: (typeof PHANTOM_FEATURES)[number]): number => {
        const value = of.prevalence === 'natural' ? LOADING * latent + OWN_SD * draws.normal() : draws.between(0, 1)
        const limits = of.prevalence === 'natural' ? THRESHOLDS[feature] : BALANCED_UP_TO
        return limits.filter((limit) => value > limit).length
      }
      grades.set(jointId(level, side), {
        narrowing: grade('narrowing'),
        hypertrophy: grade('hypertrophy'),
        osteophytes: grade('osteophytes'),
        erosion: grade('erosion'),
        cyst: grade('cyst'),
      })
    }
  })
  return grades
}
