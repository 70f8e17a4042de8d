import type { RandomStream } from '@facetgrade/grading/seeded-random'
import { CT_HU, EXTENT_MM, intensityAt, type Spine } from './spine.ts'
import { gaussian } from './volume.ts'

/** Views of the lumbar spine. Posterior obliques show the joint nearest the detector: RPO the right ones, LPO the left. */
export const VIEWS = ['AP', 'LL', 'RPO', 'LPO'] as const
export type View = (typeof VIEWS)[number]

/** Rotation of the patient about the long axis, in degrees: 0 for AP, 90 for a left lateral, ±45 for obliques. */
const TURN_DEGREES: Record<View, number> = { AP: 0, LL: 90, RPO: -45, LPO: 45 }
const WATER_PER_MM = 0.0206
const SOFT_TISSUE_MM = 210

export type Radiograph = { rows: number; columns: number; pixelMm: number; values: Float32Array }

/** Parallel projection by Beer–Lambert through a volume of the spine; detector values 0–4095, bone bright. */
export function project(spine: Spine, view: View, image: { pixelMm: number; random: RandomStream }): Radiograph {
  const stepMm = 2
  const columns = Math.round(130 / image.pixelMm)
  const rows = Math.round((EXTENT_MM.high - EXTENT_MM.low) / image.pixelMm)
  const turn = (TURN_DEGREES[view] * Math.PI) / 180
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)]
  const values = new Float32Array(rows * columns)
  for (let row = 0; row < rows; row += 1) {
    const z = EXTENT_MM.high - row * image.pixelMm
    for (let column = 0; column < columns; column += 1) {
      // Image left is the patient's right in an AP view: u runs towards the patient's left.
      const u = (column - columns / 2) * image.pixelMm
      let excess = 0
      for (let t = -70; t <= 70; t += stepMm) {
        const [x, y] = [u * cos - t * sin, u * sin + t * cos]
        excess += Math.max(0, intensityAt(spine, CT_HU, [x, y + 15, z], stepMm) - CT_HU.muscle) * stepMm
      }
      const absorbed = WATER_PER_MM * (SOFT_TISSUE_MM + excess / 1000)
      values[row * columns + column] = Math.min(
        4095,
        Math.max(0, (absorbed - 4.25) * 5500 + 25 * gaussian(image.random)),
      )
    }
  }
  return { rows, columns, pixelMm: image.pixelMm, values }
}
