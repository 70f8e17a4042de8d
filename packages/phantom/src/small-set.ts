import { LEVELS, SIDES } from '@facetgrade/grading/joint'
import { randomStream } from '@facetgrade/grading/seeded-random'
import type { Sha256 } from '@facetgrade/grading/sha256'
import {
  ctObjects,
  dxObjects,
  type ExamObject,
  mrAxialObjects,
  mrSagittalObjects,
  type NamedPatient,
} from './exam-objects.ts'
import type { JointGrades } from './joint-form.ts'
import { jointPoint, spineOf } from './spine.ts'

/** One patient's files and the grades that were built into the joints. Synthetic phantoms; says nothing about patients. */
export type PhantomPatient = {
  patient: NamedPatient
  ageYears: number
  site: string
  objects: readonly ExamObject[]
  truth: ReadonlyMap<string, JointGrades>
  /** Joint centres, LPS mm, by `L4L5-left`. */
  points: ReadonlyMap<string, readonly [number, number, number]>
}

export type SmallSetOptions = {
  sha256: Sha256
  seed: string
  index: number
  modalities: readonly ExamObject['modality'][]
}

const SITES = ['A', 'B'] as const
const pad = (value: number, length: number): string => String(value).padStart(length, '0')

/**
 * A small, coarse patient for tests and walk-throughs (CT 1 mm × 4 mm, MR 1.4 mm × 5 mm, DX 1.6 mm): believable
 * enough to import, hang and grade. Same seed and index, same bytes.
 */
export function smallPatient({ sha256, seed, index, modalities }: SmallSetOptions): PhantomPatient {
  const random = randomStream(sha256, sha256(seed), `patient-${index}`)
  const ageYears = 35 + random.below(50)
  const [year, month, day] = [2019 + random.below(4), 1 + random.below(12), 1 + random.below(28)]
  const patient: NamedPatient = {
    issuer: 'INVENTED',
    patientId: `PH${pad(index + 1, 5)}`,
    name: `Phantom^Patient${pad(index + 1, 3)}`,
    sex: random.below(2) === 0 ? 'F' : 'M',
    birthDate: `${year - ageYears}${pad(month, 2)}${pad(Math.min(day, 28), 2)}`,
    examDate: `${year}${pad(month, 2)}${pad(day, 2)}`,
  }
  const severity = (ageYears - 55) * 0.045
  const grade = (offset: number): number => {
    const value = severity + offset + (random.uint32() / 2 ** 32 - 0.5) * 2.4
    return value < 0.1 ? 0 : value < 0.9 ? 1 : value < 1.7 ? 2 : 3
  }
  const spine = spineOf(sha256, sha256(`${seed}-${index}`), (level) => {
    const offset = [-0.6, -0.3, 0.15, 0.55, 0.35][LEVELS.indexOf(level as (typeof LEVELS)[number])] ?? 0
    return {
      narrowing: grade(offset + 0.2),
      hypertrophy: grade(offset),
      osteophytes: grade(offset + 0.1),
      erosion: grade(offset - 0.6),
      cyst: grade(offset - 0.8),
    }
  })
  const maker = { sha256, seed, spine, patient }
  const objects: ExamObject[] = []
  if (modalities.includes('CT')) objects.push(...ctObjects(maker, { pixelMm: 1, sliceMm: 4 }))
  if (modalities.includes('MR'))
    objects.push(
      ...mrAxialObjects(maker, { pixelMm: 1.4, sliceMm: 5 }),
      ...mrSagittalObjects(maker, { pixelMm: 1.4, sliceMm: 5 }),
    )
  if (modalities.includes('DX')) objects.push(...dxObjects(maker, { pixelMm: 1.6 }))
  const points = new Map(
    spine.discs.flatMap((disc, position) =>
      SIDES.map((side) => [`${LEVELS[LEVELS.length - 1 - position]}-${side}`, jointPoint(disc, side)] as const),
    ),
  )
  return { patient, ageYears, site: SITES[index % 2] ?? 'A', objects, truth: spine.grades, points }
}
