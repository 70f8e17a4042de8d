import type { LevelAnatomy } from './anatomy.ts'
import type { Draws } from './draws.ts'
import { type Rod, rodOf } from './signed-distance.ts'

/** A vertebra without its joints, in its own frame: x left, v back, w up from the centre of the body; mm. */
export type VertebraForm = {
  kind: 'lumbar' | 'sacrum'
  halfWidth: number
  halfDepth: number
  halfHeight: number
  /** Tangent of half the wedge between the endplates: the front is the higher part in lordosis. */
  wedge: number
  canalDepth: number
  canalHalfWidth: number
  pedicle: Rod
  /** From the pedicle to the processes above and below, and the transverse process. */
  rods: readonly Rod[]
  laminaTop: number
  laminaBottom: number
  laminaMm: number
  spinous: { length: number; halfHeight: number; halfWidth: number; drop: number }
}

/** How far the lamina leans back with each mm downwards. */
export const LAMINA_SLOPE = 0.33

/** Above and below are the centres of the vertebra's own joints in its frame (left side). */
type JointPlaces = {
  above: readonly [number, number, number] | undefined
  below: readonly [number, number, number]
}

export function lumbarForm(
  draws: Draws,
  anatomy: LevelAnatomy,
  of: { size: number; wedge: number; index: number; joints: JointPlaces },
): VertebraForm {
  const { size, joints, index } = of
  const halfDepth = (anatomy.bodyDepth / 2) * size
  const halfWidth = (anatomy.bodyWidth / 2) * size
  const halfHeight = (anatomy.bodyHeight / 2) * size
  const pedicleHalf = (anatomy.pedicleWidth / 2) * size
  const canalHalfWidth = (anatomy.canalWidth / 2) * size * draws.between(0.95, 1.05)
  const canalDepth = anatomy.canalDepth * size * draws.between(0.94, 1.06)
  const px = canalHalfWidth + pedicleHalf
  const pw = 0.42 * halfHeight
  const back: [number, number, number] = [px, halfDepth + 9 * size, pw + 1]
  const isFifth = index === 5
  const rods: Rod[] = []
  if (joints.above)
    rods.push(
      rodOf(back, [joints.above[0] + 0.6, joints.above[1] - 3.5, joints.above[2] - 5], {
        radius: 5.2 * size,
        endRadius: 4,
      }),
    )
  // Pars: from the pedicle down to the lower process.
  rods.push(
    rodOf(
      [px - 1.5, halfDepth + 11 * size, pw - 2],
      [joints.below[0] - 3, joints.below[1] + 3.2, joints.below[2] + 7],
      {
        radius: 4.6 * size,
        endRadius: 4.2,
      },
    ),
  )
  // Transverse process: longest at L3, short and strong at L5, a stump and a rib at T12.
  const reach = ([0, 13, 16, 20, 15, 13][index] ?? 14) * size * draws.between(0.85, 1.15)
  if (index === 0)
    rods.push(
      rodOf([px + 3, halfDepth + 11, pw + 4], [px + 42, halfDepth + 16, pw - 16], { radius: 3.6, endRadius: 3.2 }),
    )
  else
    rods.push(
      rodOf(
        [px + 1, halfDepth + 7.5 * size, pw - 0.5],
        [halfWidth + reach, halfDepth + draws.between(11, 15), pw + draws.between(1, 6)],
        { radius: (isFifth ? 6.2 : 4.3) * size, endRadius: (isFifth ? 3.6 : 2.7) * size, zScale: 1.35 },
      ),
    )
  return {
    kind: 'lumbar',
    halfWidth,
    halfDepth,
    halfHeight,
    wedge: of.wedge,
    canalDepth,
    canalHalfWidth,
    pedicle: rodOf([px - 0.5, halfDepth - 5, pw], back, {
      radius: pedicleHalf,
      zScale: Math.max(1, (7.4 * size) / pedicleHalf),
    }),
    rods,
    laminaTop: 0.12 * halfHeight,
    laminaBottom: -halfHeight - 3,
    laminaMm: draws.between(5.6, 7) * size,
    spinous: {
      length: (isFifth ? 20 : index === 0 ? 24 : 29) * size * draws.between(0.9, 1.1),
      halfHeight: (isFifth ? 6 : 8.6) * size,
      halfWidth: draws.between(2.5, 3.2),
      drop: index === 0 ? 0.5 : 0.28,
    },
  }
}

/** First sacral segment; the rest of the sacrum hangs from it. */
export function sacrumForm(draws: Draws, anatomy: LevelAnatomy, of: { size: number }): VertebraForm {
  const { size } = of
  const halfDepth = 0.5 * anatomy.bodyDepth * 0.95 * size
  const canalHalfWidth = 14.5 * size
  return {
    kind: 'sacrum',
    halfWidth: 0.5 * anatomy.bodyWidth * size,
    halfDepth,
    halfHeight: 14 * size,
    wedge: 0,
    canalDepth: 14.5 * size * draws.between(0.94, 1.06),
    canalHalfWidth,
    pedicle: rodOf([canalHalfWidth + 5, halfDepth - 6, 4], [canalHalfWidth + 8, halfDepth + 9, 6], {
      radius: 8 * size,
    }),
    rods: [],
    laminaTop: 4 * size,
    laminaBottom: -14 * size,
    laminaMm: 6.4 * size,
    spinous: { length: 11 * size, halfHeight: 6, halfWidth: 3, drop: 0.9 },
  }
}
