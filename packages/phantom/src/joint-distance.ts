import type { JointForm } from './joint-form.ts'
import { boxDistance, rodDistance, smoothMax, smoothMin } from './signed-distance.ts'

/** What one point is to one joint, in mm; written anew by each call, because the inner loops must not allocate. */
export type JointProbe = {
  superior: number
  inferior: number
  /** To the space between the surfaces, erosions included. */
  space: number
  cyst: number
  /** Across the sheet, from its middle: negative on the superior side. */
  bent: number
  /** Over the nearer joint surface. */
  depth: number
  /** Outside the reach of the joint's surfaces (positive) or within (negative). */
  beyond: number
  isGas: boolean
}

export const FAR = 1e3
export const jointProbe = (): JointProbe => ({
  superior: FAR,
  inferior: FAR,
  space: FAR,
  cyst: FAR,
  bent: FAR,
  depth: FAR,
  beyond: FAR,
  isGas: false,
})

const EDGE = 3
const INNER_EDGE = 4.2
/** No part of a joint lies farther from its centre, in mm. */
const REACH_MM = 24

/** Distances for a LEFT joint at a point in its disc's frame (x left, v back, w up; mm). False: out of reach. */
export function probeJoint(form: JointForm, x: number, v: number, w: number, probe: JointProbe): boolean {
  const dx = x - form.centre[0]
  const dy = v - form.centre[1]
  const z = w - form.centre[2]
  if (dx * dx + dy * dy + z * z > REACH_MM * REACH_MM * form.scale) return false
  const u = dx * form.sin + dy * form.cos
  const across = -dx * form.cos + dy * form.sin
  const bent = across - 0.5 * form.curvature * u * u
  const gap = Math.max(0, form.gapMm * (1 + (form.wedge * u) / form.halfWidth))
  const half = gap / 2
  const { halfWidth, halfHeight } = form

  // The processes thin out to their ends and tips, like the comma that a superior process is on an axial slice.
  const end = u / halfWidth
  const rise = z / halfHeight
  const halfSuperior =
    (form.superiorMm / 2) * (1.06 - 0.3 * Math.min(1.5, end * end)) * (1 - 0.16 * Math.max(-1, Math.min(1, rise)))
  let superior =
    boxDistance(
      Math.abs(u) - halfWidth + EDGE,
      Math.abs(bent + half + halfSuperior) - halfSuperior + EDGE,
      Math.abs(z + 1.5) - halfHeight - 1.5 + EDGE,
    ) - EDGE
  superior = smoothMax(superior, bent + half, 0.5)
  const halfInferior = (form.inferiorMm / 2) * (1 + 0.14 * Math.max(-1, Math.min(1, rise)))
  let inferior =
    boxDistance(
      Math.abs(u + 0.6) - halfWidth * 0.94 + INNER_EDGE,
      Math.abs(across - half - halfInferior) - halfInferior + INNER_EDGE,
      Math.abs(z - 1.5) - halfHeight - 1.5 + EDGE,
    ) - INNER_EDGE
  inferior = smoothMax(inferior, half - bent, 0.5)
  for (const osteophyte of form.osteophytes) {
    const beak = rodDistance(osteophyte.rod, u, bent, z)
    if (osteophyte.side < 0) superior = smoothMin(superior, Math.max(beak, bent + half), 1)
    else inferior = smoothMin(inferior, Math.max(beak, half - bent), 1)
  }
  let space = Math.max(Math.abs(bent) - half, Math.abs(u) - halfWidth * 0.98, Math.abs(z) - halfHeight)
  const sheet = space
  for (const pit of form.pits) {
    const du = u - pit.u
    const db = bent - pit.bent
    const dz = (z - pit.z) * pit.perZScale
    const hollow = Math.sqrt(du * du + db * db + dz * dz) - pit.radius
    if (pit.side < 0) superior = smoothMax(superior, -hollow, 0.3)
    else inferior = smoothMax(inferior, -hollow, 0.3)
    if (hollow < space && bent * pit.side > 0) space = hollow
  }
  let cyst = FAR
  for (const cavity of form.cysts) {
    const du = u - cavity.u
    const db = bent - cavity.bent
    const dz = z - cavity.z
    const distance = Math.sqrt(du * du + db * db + dz * dz) - cavity.radius
    if (distance < cyst) cyst = distance
  }
  probe.superior = superior
  probe.inferior = inferior
  probe.space = space
  probe.cyst = cyst
  probe.bent = bent
  probe.depth = Math.abs(bent) - half
  probe.beyond = Math.max(Math.abs(u) - halfWidth - 0.5, Math.abs(z) - halfHeight - 1)
  // Gas stays between the surfaces: it does not fill erosions.
  probe.isGas = form.hasGas && sheet <= space && Math.abs(u) < halfWidth * 0.5 && Math.abs(z) < halfHeight * 0.5
  return true
}
