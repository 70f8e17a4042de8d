import { FAR, type JointProbe, jointProbe, probeJoint } from './joint-distance.ts'
import { pelvisDistance } from './pelvis.ts'
import { smoothMax, smoothMin } from './signed-distance.ts'
import type { Spine } from './spine.ts'
import { probeVertebra, type VertebraProbe } from './vertebra-distance.ts'

/** What a point is to the bones, in mm; written anew by each look, because the inner loops must not allocate. */
export type BoneProbe = {
  nearest: number
  /** To the nearest other vertebra: in a narrow joint space both processes share a voxel. */
  second: number
  cortexMm: number
  sclerosis: number
  /** 0 in a body, 1 in an arch or process. */
  arch: number
  /** To the space between two joint surfaces; and whether it holds gas. */
  space: number
  isGas: boolean
  cyst: number
  /** Vertebra and depth below its surface along its axis, for the marrow's texture. */
  vertebra: number
}

export const boneProbe = (): BoneProbe => ({
  nearest: FAR,
  second: FAR,
  cortexMm: 1,
  sclerosis: 0,
  arch: 0,
  space: FAR,
  isGas: false,
  cyst: FAR,
  vertebra: 0,
})

export type BoneField = {
  /** Everything at one point; `mask` has a bit for each vertebra to look at. */
  look(mask: number, x: number, y: number, z: number, probe: BoneProbe): void
  /** Vertebrae that can come within `radius` of a point. */
  candidates(x: number, y: number, z: number, radius: number): number
}

const BODY_CORTEX_MM = 0.75
const ARCH_CORTEX_MM = 1.35
const SEAM = 2.4
/** Bit of the iliac wings, after those of the vertebrae. */
const PELVIS = 1 << 8
/** Our distances shrink by up to this factor where shapes are bent or blended. */
const BOUND = 1.35

export function boneField(spine: Spine): BoneField {
  const { vertebrae, discs } = spine
  const last = vertebrae.length - 1
  const own: VertebraProbe = { distance: FAR, body: FAR, arch: FAR }
  const joints: JointProbe[] = discs.map(jointProbe)
  const isNear: boolean[] = discs.map(() => false)

  const look: BoneField['look'] = (mask, x, y, z, probe) => {
    const ax = x < 0 ? -x : x
    probe.nearest = FAR
    probe.second = FAR
    probe.space = FAR
    probe.cyst = FAR
    probe.isGas = false
    probe.sclerosis = 0
    probe.cortexMm = BODY_CORTEX_MM
    probe.arch = 0
    for (let index = 0; index < discs.length; index += 1) {
      isNear[index] = false
      if ((mask & (3 << index)) === 0) continue
      const disc = discs[index]
      const joint = joints[index]
      if (disc === undefined || joint === undefined) continue
      const { frame } = disc
      const dy = y - frame.y
      const dz = z - frame.z
      const form = x < 0 ? disc.joints.right : disc.joints.left
      isNear[index] = probeJoint(form, ax, dy * frame.cos + dz * frame.sin, -dy * frame.sin + dz * frame.cos, joint)
      if (!isNear[index]) continue
      if (joint.space < probe.space) {
        probe.space = joint.space
        probe.isGas = joint.isGas
      }
      if (joint.cyst < probe.cyst) probe.cyst = joint.cyst
    }
    for (let index = 0; index <= last; index += 1) {
      if ((mask & (1 << index)) === 0) continue
      const vertebra = vertebrae[index]
      if (vertebra === undefined) continue
      const { frame } = vertebra
      const dy = y - frame.y
      const dz = z - frame.z
      probeVertebra(vertebra.form, ax, dy * frame.cos + dz * frame.sin, -dy * frame.sin + dz * frame.cos, own)
      let distance = own.distance
      let arch = own.arch
      const above = index > 0 && isNear[index - 1] ? joints[index - 1] : undefined
      const below = index < last && isNear[index] ? joints[index] : undefined
      if (above) {
        // The lower bone stays on its side of the sheet.
        const cut = Math.max(-(above.bent + (Math.abs(above.bent) - above.depth)), above.beyond)
        distance = smoothMax(smoothMin(distance, above.superior, SEAM), -cut, 0.3)
        arch = Math.min(arch, above.superior)
      }
      if (below) {
        const cut = Math.max(below.bent - (Math.abs(below.bent) - below.depth), below.beyond)
        distance = smoothMax(smoothMin(distance, below.inferior, SEAM), -cut, 0.3)
        arch = Math.min(arch, below.inferior)
      }
      if (distance < probe.nearest) {
        probe.second = probe.nearest
        probe.nearest = distance
        probe.vertebra = index
        probe.arch = arch < own.body ? 1 : 0
        probe.cortexMm = probe.arch === 1 ? ARCH_CORTEX_MM : BODY_CORTEX_MM
        const isAbove = above !== undefined && (below === undefined || above.depth < below.depth)
        const joint = isAbove ? above : below
        const disc = discs[isAbove ? index - 1 : index]
        if (joint !== undefined && disc !== undefined && joint.depth < 4.5 && joint.beyond < 0) {
          const form = x < 0 ? disc.joints.right : disc.joints.left
          const weight = joint.depth < 3 ? 1 : (4.5 - joint.depth) / 1.5
          probe.cortexMm += (form.subchondralMm - ARCH_CORTEX_MM) * weight
          probe.sclerosis = form.sclerosis * weight
        }
      } else if (distance < probe.second) probe.second = distance
    }
    if ((mask & PELVIS) !== 0) {
      const pelvis = pelvisDistance(spine, ax, y, z)
      if (pelvis < probe.nearest) {
        probe.second = probe.nearest
        probe.nearest = pelvis
        probe.arch = 1
        probe.cortexMm = ARCH_CORTEX_MM
        probe.sclerosis = 0
      } else if (pelvis < probe.second) probe.second = pelvis
    }
    // Blending of one vertebra's own parts must not close the space, and erosions stay open.
    if (probe.space < 1) {
      probe.nearest = Math.max(probe.nearest, -probe.space)
      probe.second = Math.max(probe.second, -probe.space)
    }
  }

  const candidates: BoneField['candidates'] = (x, y, z, radius) => {
    const ax = Math.abs(x)
    let mask = 0
    for (let index = 0; index <= last; index += 1) {
      const vertebra = vertebrae[index]
      if (vertebra === undefined) continue
      const { frame, form } = vertebra
      const dy = y - frame.y
      const dz = z - frame.z
      const v = dy * frame.cos + dz * frame.sin
      const w = -dy * frame.sin + dz * frame.cos
      const low = form.kind === 'sacrum' ? -90 : -42
      if (w < low - radius || w > 36 + radius || v > 76 + radius || v < -form.halfDepth - 4 - radius) continue
      probeVertebra(form, ax, v, w, own)
      let nearest = own.distance
      for (let place = index - 1; place <= index; place += 1) {
        const disc = discs[place]
        const joint = joints[place]
        if (disc === undefined || joint === undefined) continue
        const ey = y - disc.frame.y
        const ez = z - disc.frame.z
        const side = x < 0 ? disc.joints.right : disc.joints.left
        const dv = ey * disc.frame.cos + ez * disc.frame.sin
        const dw = -ey * disc.frame.sin + ez * disc.frame.cos
        // A joint out of reach is farther than its sphere: no nearer than what is judged here.
        if (!probeJoint(side, ax, dv, dw, joint)) continue
        nearest = Math.min(nearest, place < index ? joint.superior : joint.inferior)
      }
      if (nearest < radius * BOUND + SEAM) mask |= 1 << index
    }
    if (ax > 38 - radius && z < 60 + radius && pelvisDistance(spine, ax, y, z) < radius * BOUND + SEAM) mask |= PELVIS
    return mask
  }
  return { look, candidates }
}
