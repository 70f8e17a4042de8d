import { type BoneField, type BoneProbe, boneField, boneProbe } from './bone-field.ts'
import type { Brush } from './brush.ts'
import type { SoftTissue } from './soft-tissue.ts'
import type { Spine } from './spine.ts'
import type { Texture } from './texture.ts'
import { TISSUE } from './tissue.ts'

/** How bone stands to a small region: nowhere near, somewhere, or nothing but marrow. */
export type Region = { kind: 'soft' | 'mixed' | 'marrow'; mask: number; arch: number }

export type TissueSampler = {
  /** Judges the ball of `radius` around a point, so that its points need not all be looked at closely. */
  regionAt(x: number, y: number, z: number, radius: number, region: Region): void
  /** Paints one point of the spine's frame, knowing its region. */
  sample(brush: Brush, region: Region, x: number, y: number, z: number): void
}

const CARTILAGE_MM = 0.2

/** @param soft  paints what is not bone; a radiograph adds its soft tissue by itself */
export function tissueSampler(
  spine: Spine,
  texture: Texture,
  { blurMm, soft }: { blurMm: number; soft: SoftTissue },
): TissueSampler {
  const bones: BoneField = boneField(spine)
  const probe: BoneProbe = boneProbe()
  const share = (distance: number): number => {
    const covered = 0.5 - distance / blurMm
    return covered < 0 ? 0 : covered > 1 ? 1 : covered
  }
  /** Trabeculae: a fine grain, stretched upwards in the bodies, over coarser patches. */
  const grain = (x: number, y: number, z: number, arch: number): number =>
    0.75 * texture(x / 1.15, y / 1.15, z / (arch > 0 ? 1.15 : 2)) + 0.55 * texture(x / 3.4 + 7, y / 3.4, z / 4.2)

  return {
    regionAt(x, y, z, radius, region) {
      region.mask = bones.candidates(x, y, z, radius)
      region.kind = region.mask === 0 ? 'soft' : 'mixed'
      region.arch = 0
      if (region.mask === 0) return
      bones.look(region.mask, x, y, z, probe)
      if (probe.nearest > radius * 1.35 + blurMm + 1 && probe.space > radius + blurMm) region.kind = 'soft'
      else if (probe.nearest < -radius * 1.35 - 3.4 && probe.cyst > radius + 2) {
        region.kind = 'marrow'
        region.arch = probe.arch
      }
    },
    sample(brush, region, x, y, z) {
      if (region.kind === 'marrow') {
        brush.fill(TISSUE.marrow)
        brush.paintGrained(TISSUE.marrow, 1, grain(x, y, z, region.arch) + 0.9 * region.arch)
        return
      }
      if (region.kind === 'soft') {
        soft(brush, x, y, z)
        return
      }
      bones.look(region.mask, x, y, z, probe)
      const first = share(probe.nearest)
      const covered = Math.min(1, first + (first < 1 ? share(probe.second) : 0))
      if (covered < 1) soft(brush, x, y, z)
      else brush.fill(TISSUE.cortex)
      if (covered < 1 && probe.space < blurMm) {
        brush.paint(TISSUE.cartilage, share(probe.space - CARTILAGE_MM))
        if (probe.isGas) brush.paint(TISSUE.gas, 0.9 * share(probe.space + 0.25))
      }
      if (covered <= 0) return
      brush.paint(TISSUE.cortex, covered)
      if (probe.sclerosis > 0) brush.paint(TISSUE.sclerosis, covered * probe.sclerosis)
      // No cortex is equally thick everywhere.
      const marrow = share(probe.nearest + probe.cortexMm * (1 + 0.22 * texture(x / 4.5, y / 4.5 + 5, z / 5.5)))
      if (marrow > 0) brush.paintGrained(TISSUE.marrow, marrow, grain(x, y, z, probe.arch) + 0.9 * probe.arch)
      if (probe.cyst < blurMm + 1) {
        brush.paint(TISSUE.rim, covered * 0.85 * share(Math.abs(probe.cyst - 0.45) - 0.5))
        brush.paint(TISSUE.cyst, covered * share(probe.cyst))
      }
    },
  }
}
