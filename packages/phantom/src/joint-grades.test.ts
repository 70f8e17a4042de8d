import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { drawsOf } from './draws.ts'
import { inventPatient } from './invented-patient.ts'
import { drawGrades, type JointGrades, type Prevalence } from './joint-grades.ts'

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex')
const EROSION = [0, 2, 3, 3] as const
/** The shipped protocol's rule (Weishaupt, domain §1.3). */
const overall = (joint: JointGrades): number =>
  Math.max(
    joint.narrowing > 0 ? 1 : 0,
    joint.hypertrophy,
    joint.osteophytes,
    EROSION[joint.erosion] ?? 0,
    joint.cyst > 0 ? 3 : 0,
  )

function cohort(prevalence: Prevalence, patients: number) {
  return Array.from({ length: patients }, (_, index) => {
    const draws = drawsOf(sha256, 'prevalence', `patient-${index}`)
    const patient = inventPatient(draws, { sha256, seed: 'prevalence', index })
    return { patient, joints: drawGrades(draws, { ...patient, prevalence }) }
  })
}
const shares = (values: readonly number[]): number[] =>
  [0, 1, 2, 3].map((grade) => values.filter((value) => value === grade).length / values.length)

test('at natural prevalence the overall grades are those of a clinic: 33, 39, 17 and 11 %', () => {
  const found = shares(cohort('natural', 1500).flatMap(({ joints }) => [...joints.values()].map(overall)))
  ;[0.33, 0.39, 0.17, 0.11].forEach((expected, grade) => {
    expect(Math.abs((found[grade] ?? 0) - expected)).toBeLessThan(0.025)
  })
})

test('older patients and lower levels are worse, and features go together', () => {
  const all = cohort('natural', 800)
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
  const severity = (keep: (age: number, joint: string) => boolean): number =>
    mean(
      all.flatMap(({ patient, joints }) =>
        [...joints].filter(([joint]) => keep(patient.ageYears, joint)).map(([, grades]) => overall(grades)),
      ),
    )
  expect(severity((age) => age > 65)).toBeGreaterThan(severity((age) => age < 45) + 0.7)
  expect(severity((_, joint) => joint.startsWith('L4L5'))).toBeGreaterThan(
    severity((_, joint) => joint.startsWith('L1L2')) + 0.4,
  )
  const joints = all.flatMap((one) => [...one.joints.values()])
  expect(mean(joints.filter((joint) => joint.narrowing >= 2).map((joint) => joint.osteophytes))).toBeGreaterThan(
    mean(joints.filter((joint) => joint.narrowing === 0).map((joint) => joint.osteophytes)) + 0.5,
  )
})

test('balanced cohorts have every grade of every feature about equally often', () => {
  for (const feature of ['narrowing', 'hypertrophy', 'osteophytes', 'erosion', 'cyst'] as const) {
    const found = shares(
      cohort('balanced', 300).flatMap(({ joints }) => [...joints.values()].map((joint) => joint[feature])),
    )
    for (const share of found) expect(share).toBeGreaterThan(0.15)
  }
})
