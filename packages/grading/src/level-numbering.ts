import { z } from 'zod'
import type { Level } from './joint.ts'
import type { Protocol } from './protocol.ts'

/**
 * How many free lumbar vertebrae a patient has, decided once per patient by the coordinator on the sagittal or AP view
 * before assignment. A later correction is a new version, a reading never re-keys levels.
 *
 * `five`: the usual spine. `six`: a lumbarised S1 or a sixth lumbar vertebra, L5L6 and L6S1 take the place of L5S1.
 * `four`: L5 is sacralised, its rudimentary joints to S1 are not graded.
 */
export const LevelNumbering = z.strictObject({
  lumbarVertebrae: z.enum(['five', 'six', 'four']),
  /** A transitional vertebra of any kind, also one that leaves five free vertebrae (Castellvi I, II). */
  isTransitional: z.boolean(),
  confirmedOn: z.enum(['sagittal', 'anteroposterior', 'whole_spine']),
})
export type LevelNumbering = z.infer<typeof LevelNumbering>

/** The protocol's levels in this patient, from the head down. */
export function patientLevels(
  protocol: Pick<Protocol, 'levels'>,
  { lumbarVertebrae }: Pick<LevelNumbering, 'lumbarVertebrae'>,
): Level[] {
  return protocol.levels.flatMap((level): Level[] => {
    if (level !== 'L5S1' || lumbarVertebrae === 'five') return [level]
    return lumbarVertebrae === 'six' ? ['L5L6', 'L6S1'] : []
  })
}
