import { smoothMax } from './signed-distance.ts'
import type { Spine } from './spine.ts'

const CREST_MM = 46
const THIN_MM = 7

/** Distance to the iliac wings, at |x| of the spine's frame: curved plates beside the sacrum, thick at its joint. */
export function pelvisDistance(spine: Pick<Spine, 'size'>, ax: number, y: number, z: number): number {
  const { size } = spine
  const dx = ax / size - 61
  const dy = y / size - 14
  const along = dx * 0.72 - dy * 0.69
  const across = dx * 0.69 + dy * 0.72 - 0.0022 * along * along
  const height = z / size
  const thickness =
    THIN_MM + 9 * Math.exp(-((along + 4) * (along + 4)) / 500) * (height < 0 ? 1 : Math.exp((-height * height) / 700))
  const crest = height - (CREST_MM - 0.0062 * (along - 46) * (along - 46))
  const plate = smoothMax(Math.abs(across) - thickness / 2, crest, 9)
  return smoothMax(plate, Math.abs(along - 38) - 88, 14) * size * 0.92
}
