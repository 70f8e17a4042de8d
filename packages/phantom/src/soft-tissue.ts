import type { Brush } from './brush.ts'
import { boxDistance } from './signed-distance.ts'
import type { Disc, Spine } from './spine.ts'
import { type Course, courseOf } from './spine-course.ts'
import type { Texture } from './texture.ts'
import { TISSUE } from './tissue.ts'

/** Paints everything that is not bone at a point of the spine's frame. */
export type SoftTissue = (brush: Brush, x: number, y: number, z: number) => void

const share = (distance: number, blurMm: number): number => {
  const covered = 0.5 - distance / blurMm
  return covered < 0 ? 0 : covered > 1 ? 1 : covered
}
const limited = (value: number): number => (value < 0 ? 0 : value > 1 ? 1 : value)

/** Ellipse in the axial plane; near its edge a distance in mm. */
const ellipse = (x: number, y: number, rx: number, ry: number): number =>
  (Math.sqrt((x / rx) ** 2 + (y / ry) ** 2) - 1) * Math.min(rx, ry)

export function softTissue(spine: Spine, texture: Texture, blurMm: number): SoftTissue {
  const courseAt = courseOf(spine)
  const { size, muscleFat, subcutaneousMm } = spine
  const conus = spine.discs[1]?.frame.z ?? 0

  function surroundings(brush: Brush, x: number, v: number, z: number, at: Course): void {
    const ax = Math.abs(x)
    const { halfDepth, halfWidth, descent, canalDepth } = at
    brush.fill(TISSUE.fat)
    const back = halfDepth + canalDepth + 40 * size - (13 * (ax / 52) ** 2) / (1 + (ax / 95) ** 2)
    if (v < -halfDepth + 3) {
      if (v < -halfDepth + 1) {
        const bowel = texture(x / 15, v / 15, z / 18) + 0.5 * texture(x / 6, v / 6, z / 8)
        brush.paint(TISSUE.bowel, limited((bowel - 0.25) * 2.5) * limited((-halfDepth + 1 - v) / 9))
      }
      // Aorta and vena cava; below L4/5 they part as iliac vessels.
      const parting = 60 * limited((descent - 0.9) * 0.6 + at.taper)
      const narrow = 1 - 0.35 * limited(parting / 20)
      brush.paint(TISSUE.vessel, share(ellipse(x - 9 - parting, v + halfDepth + 12, 9 * narrow, 9 * narrow), blurMm))
      brush.paint(
        TISSUE.vessel,
        share(ellipse(x + 13 + parting, v + halfDepth + 10, 11 * narrow, 8.5 * narrow), blurMm),
      )
    }
    const lateral = halfWidth + (2 + 15 * descent) * size
    const psoas = ellipse(ax - lateral, v - 1 + 8 * at.taper * 3, (5 + 14 * descent) * size, (9 + 13 * descent) * size)
    if (psoas < blurMm) {
      brush.paint(TISSUE.muscle, share(psoas, blurMm))
      streaks(brush, x, v, z, 0.35 * share(psoas, blurMm))
    }
    if (descent < 0.95) brush.paint(TISSUE.muscle, share(ellipse(ax - 62 * size, v - halfDepth + 6, 15, 10), blurMm))
    // Multifidus and erector spinae: one rounded compartment a side, behind the transverse processes.
    const front = halfDepth + 7 + 0.0035 * (ax - 14) * (ax - 14)
    const middle = (front + back) / 2
    const half = (back - front) / 2
    const muscle = Math.max(
      boxDistance(Math.abs(ax - 31.5 * size) - 30 * size + 13, Math.abs(v - middle) - half + 13, -1) - 13,
      1.4 - ax * 0.5,
    )
    if (muscle < blurMm) {
      const covered = share(muscle, blurMm)
      brush.paint(TISSUE.muscle, covered)
      streaks(brush, x, v, z, covered)
      const septum =
        Math.abs(ax - 19 * size - 0.3 * (v - halfDepth - canalDepth)) + 0.7 * texture(v / 7, z / 7, x > 0 ? 3 : 9)
      brush.paint(TISSUE.fat, covered * 0.75 * limited(1.3 - septum))
      // Between the processes and the muscle lies a little fat.
      brush.paint(TISSUE.fat, covered * limited((5 - ax) * 0.25) * 0.5)
    }
    if (v > back - 1) {
      brush.paint(TISSUE.ligament, limited(1 - Math.abs(v - back)) * 0.8)
      const skin = v - back - subcutaneousMm
      brush.paint(TISSUE.skin, share(Math.abs(skin - 1) - 1.2, blurMm))
      brush.paint(TISSUE.air, share(2.2 - skin, blurMm))
    }
  }

  /** Fat between muscle fibres: long in the fibres' direction. */
  function streaks(brush: Brush, x: number, v: number, z: number, covered: number): void {
    const fibre = texture(x / 2.6 + 0.13 * v, v / 3.1, z / 16) + 0.6 * texture(x / 9, v / 9, z / 24)
    brush.paint(TISSUE.fat, covered * limited((fibre - 1.55 + 1.5 * muscleFat) * 0.75))
  }

  function canal(brush: Brush, x: number, v: number, z: number, at: Course): void {
    const { halfDepth, canalDepth, canalHalfWidth, interlaminar, taper } = at
    const behind = v - 0.87 * halfDepth
    const ax = Math.abs(x)
    if (ax > canalHalfWidth + 16 || behind < -6 || behind > canalDepth + 16) return
    // Epidural fat fills the canal and the foramina.
    const space = ellipse(ax, behind - canalDepth * 0.55, canalHalfWidth + 1.5, canalDepth * 0.62 + 3)
    brush.paint(TISSUE.fat, share(space, blurMm))
    brush.paint(TISSUE.fat, share(Math.max(Math.abs(ax - canalHalfWidth - 4) - 9, Math.abs(behind - 4) - 7), blurMm))
    if (interlaminar > 0 && taper < 0.3) {
      const sx = canalHalfWidth - 0.5
      const sv = canalDepth * 0.5
      const ex = -sx
      const ev = canalDepth * 0.5 + 6
      const t = limited(((ax - sx) * ex + (behind - sv) * ev) / (ex * ex + ev * ev))
      const flavum = Math.sqrt((ax - sx - t * ex) ** 2 + (behind - sv - t * ev) ** 2) - (2.1 - 0.7 * t)
      brush.paint(TISSUE.ligament, share(flavum, blurMm) * interlaminar)
    }
    const narrow = 1 - 0.75 * taper
    const sac = ellipse(ax, behind - 1.6 - 6.1 * narrow - 4 * taper, 8.9 * size * narrow, 6.3 * size * narrow)
    if (sac < blurMm) {
      const covered = share(sac, blurMm)
      brush.paint(TISSUE.fluid, covered)
      // The cord ends in its cone behind L1/2.
      const cord = Math.min(1, (z - conus) / 22)
      if (cord > 0) brush.paint(TISSUE.nerve, share(ellipse(x, behind - 8, 4.9 * cord, 3.9 * cord), blurMm) * covered)
      const root = texture(x / 1.7 + 11, behind / 1.7, z / 30) - 0.75 + (behind - 8) * 0.16
      brush.paint(TISSUE.nerve, covered * 0.7 * limited(root * 1.2) * share(sac + 1.2, 1))
    }
  }

  /** The nerve root and its ganglion below each pedicle. */
  function root(brush: Brush, disc: Disc, x: number, v: number, w: number, at: Course): void {
    const ax = Math.abs(x)
    const lift = w - disc.heightMm * 0.5 - 6.5
    const reach = ax - at.canalHalfWidth - 4
    const distance =
      Math.sqrt(
        (reach / 1.9) ** 2 + (v - disc.halfDepth - 2.5 - reach * 0.35) ** 2 + ((lift + reach * 0.55) / 1.15) ** 2,
      ) - 2.7
    brush.paint(TISSUE.nerve, share(distance, blurMm))
  }

  function discs(brush: Brush, x: number, y: number, z: number, at: Course): void {
    for (const disc of spine.discs) {
      const { frame, halfWidth, halfDepth, heightMm, wedge, degeneration } = disc
      const dy = y - frame.y
      const dz = z - frame.z
      const v = dy * frame.cos + dz * frame.sin
      const w = -dy * frame.sin + dz * frame.cos
      if (Math.abs(w) > 22 || v < -halfDepth - 6 || v > halfDepth + 14) continue
      root(brush, disc, x, v, w, at)
      const a2 = (x / halfWidth) ** 2
      const b2 = (v / (v > 0 ? halfDepth * (0.9 + 0.04 * degeneration) : halfDepth)) ** 2
      const radius = Math.sqrt(Math.sqrt(a2 * a2 + b2 * b2 + 1.6 * a2 * b2))
      const half = heightMm / 2 - v * wedge + 3 * (1 - Math.min(1, radius)) + 0.8
      const ring = Math.max((radius - 1) * halfDepth * 1.1 - 0.8 * degeneration, Math.abs(w) - half)
      if (ring > blurMm) continue
      const covered = share(ring, blurMm)
      brush.paint(TISSUE.annulus, covered)
      const core = Math.max((radius - 0.68) * halfDepth, Math.abs(w) - half + 1.2)
      const cleft = 0.25 * limited(1.2 - Math.abs(w + 0.4 * texture(x / 8, v / 8, 3)))
      brush.paint(TISSUE.nucleus, covered * share(core, 4) * (1 - 0.95 * degeneration - cleft * (1 - degeneration)))
    }
  }

  /** What is left of the discs between the segments of the sacrum. */
  function remnants(brush: Brush, y: number, z: number): void {
    const sacrum = spine.vertebrae.at(-1)
    if (sacrum === undefined) return
    const { frame, form } = sacrum
    const w = -(y - frame.y) * frame.sin + (z - frame.z) * frame.cos
    const v = (y - frame.y) * frame.cos + (z - frame.z) * frame.sin
    if (w < form.halfHeight - 20 && Math.abs(v) < form.halfDepth) brush.paint(TISSUE.annulus, 0.85)
  }

  return (brush, x, y, z) => {
    const at = courseAt(z)
    const v = y - at.y
    surroundings(brush, x, v, z, at)
    canal(brush, x, v, z, at)
    if (v < at.halfDepth + 18) discs(brush, x, y, z, at)
    if (at.taper > 0 && Math.abs(x) < 20) remnants(brush, y, z)
  }
}
