import { boxDistance, rodDistance, smoothMax, smoothMin } from './signed-distance.ts'
import { LAMINA_SLOPE, type VertebraForm } from './vertebra-form.ts'

/** Which part of a vertebra is nearest: bodies have a thinner cortex and sparser bone than arches. */
export type VertebraProbe = { distance: number; body: number; arch: number }

const SEAM = 3

/**
 * Distance to a vertebra without its joints, at a point of its own frame; it is symmetrical, so `ax` is |x|. The body is
 * a bent superellipse, so its value is a distance near the surface and a bound farther away.
 */
export function probeVertebra(form: VertebraForm, ax: number, v: number, w: number, probe: VertebraProbe): void {
  const body =
    form.kind === 'sacrum' ? sacralBody(form, ax, v, w) : v > form.halfDepth + 10 ? 1e3 : lumbarBody(form, ax, v, w)
  const arch =
    v < form.halfDepth - 14 ? 1e3 : form.kind === 'sacrum' ? sacralArch(form, ax, v, w) : lumbarArch(form, ax, v, w)
  probe.body = body
  probe.arch = arch
  probe.distance = smoothMin(body, arch, SEAM)
}

function lumbarBody(form: VertebraForm, ax: number, v: number, w: number): number {
  const { halfWidth, halfDepth, halfHeight } = form
  const rise = w / halfHeight
  const waist = 1 - 0.11 * Math.max(0, 1 - rise * rise)
  // The back wall is hollow towards the canal.
  const middle = ax / (0.62 * halfWidth)
  const depth = v > 0 ? halfDepth * (middle < 1 ? 0.86 + 0.14 * middle * middle : 1) : halfDepth
  const a = ax / (halfWidth * waist)
  const b = Math.abs(v) / (depth * waist)
  const a2 = a * a
  const b2 = b * b
  const radius = Math.sqrt(Math.sqrt(a2 * a2 + b2 * b2 + 1.6 * a2 * b2))
  const scale = ((a2 * halfWidth + b2 * depth) / (a2 + b2 + 1e-9)) * waist
  const dish = 1 - (radius > 1 ? 1 : radius) ** 2
  const endplate = (Math.abs(w) - (halfHeight - v * form.wedge - 1.9 * dish)) * 0.97
  return smoothMax((radius - 1) * scale, endplate, 1.6)
}

function lumbarArch(form: VertebraForm, ax: number, v: number, w: number): number {
  let arch = rodDistance(form.pedicle, ax, v, w)
  for (const rod of form.rods) arch = smoothMin(arch, rodDistance(rod, ax, v, w), SEAM)
  return smoothMin(arch, laminaAndSpinous(form, ax, v, w), SEAM)
}

/** A roof over the canal that leans back downwards, and the process behind it. */
function laminaAndSpinous(form: VertebraForm, ax: number, v: number, w: number): number {
  const { halfDepth, canalDepth, canalHalfWidth, laminaMm, spinous } = form
  const lean = w < 2 ? LAMINA_SLOPE * (2 - w) : 0
  const apex = halfDepth + canalDepth + laminaMm / 2 + lean
  const sx = canalHalfWidth + 1.5
  const sv = halfDepth + canalDepth * 0.56 + lean * 0.75
  // Distance to the segment from the side of the canal to its roof.
  const ex = -sx
  const ev = apex - sv
  const px = ax - sx
  const pv = v - sv
  const t = Math.max(0, Math.min(1, (px * ex + pv * ev) / (ex * ex + ev * ev)))
  const roof = Math.sqrt((px - t * ex) ** 2 + (pv - t * ev) ** 2) * 0.95 - laminaMm / 2
  const middle = (form.laminaTop + form.laminaBottom) / 2
  const height = Math.abs(w - middle) - (form.laminaTop - form.laminaBottom) / 2
  const lamina = smoothMax(roof, height, 3)
  const behind = v - (halfDepth + canalDepth + laminaMm * 0.5)
  const share = Math.max(0, Math.min(1, behind / spinous.length))
  const centre = -4 - 0.35 * form.halfHeight - spinous.drop * behind
  const halfWidth = spinous.halfWidth * (0.85 + (share > 0.7 ? (share - 0.7) * 2.2 : 0))
  const plate =
    boxDistance(
      ax - halfWidth + 2,
      Math.abs(behind - spinous.length / 2) - spinous.length / 2 + 2,
      (Math.abs(w - centre) - spinous.halfHeight * (0.8 + 0.25 * share)) * 0.96 + 2,
    ) - 2
  return smoothMin(lamina, plate, 4)
}

/** Body of the sacrum: narrows downwards, the discs between its segments are thin remnants. */
function sacralBody(form: VertebraForm, ax: number, v: number, w: number): number {
  const below = form.halfHeight - w
  const taper = 1 - 0.0085 * Math.max(0, below)
  const halfWidth = form.halfWidth * Math.max(0.35, taper)
  const halfDepth = form.halfDepth * Math.max(0.3, 1 - 0.0105 * Math.max(0, below))
  // Hollow in front, so that it curves back and then forward again.
  const bow = 0.1 * below - 0.0016 * below * below
  const a = ax / halfWidth
  const b = Math.abs(v - bow) / halfDepth
  const a2 = a * a
  const b2 = b * b
  const radius = Math.sqrt(Math.sqrt(a2 * a2 + b2 * b2 + 1.6 * a2 * b2))
  const scale = (a2 * halfWidth + b2 * halfDepth) / (a2 + b2 + 1e-9)
  const dish = 1 - (radius > 1 ? 1 : radius) ** 2
  const column = smoothMax((radius - 1) * scale, -below + 1.4 * dish, 2)
  let remnant = 1e3
  for (const at of REMNANTS) {
    const distance = Math.max(Math.abs(below - at) - 1.1, (radius - 0.72) * scale)
    if (distance < remnant) remnant = distance
  }
  const ala = alaDistance(form, ax, v, w)
  return smoothMax(smoothMin(Math.max(column, below - SACRUM_MM), ala, 6), -remnant, 1)
}

const REMNANTS = [30, 54, 76] as const
const SACRUM_MM = 96
const FORAMINA = [
  [17.5, 33],
  [15.5, 56],
] as const

/** The wings, with the holes that the nerves leave by. */
function alaDistance(form: VertebraForm, ax: number, v: number, w: number): number {
  const scale = form.halfWidth / 25
  const top = (w - form.halfHeight) / scale + 0.3 * (ax / scale - 24)
  const x = ax / scale
  const y = v / scale
  const upper =
    boxDistance(Math.abs(x - 29) - 20 + 9, Math.abs(y - 3 - 0.12 * (x - 25)) - 13 + 9, Math.abs(top + 19) - 16 + 9) - 9
  const lower = boxDistance(Math.abs(x - 26) - 13 + 8, Math.abs(y - 12) - 10 + 8, Math.abs(top + 46) - 26 + 8) - 8
  let wing = smoothMin(upper, lower, 6) * scale * 0.93
  for (const [fx, below] of FORAMINA) {
    const hole = Math.sqrt((ax - fx) ** 2 + (w - form.halfHeight + below) ** 2) - 4.4
    wing = smoothMax(wing, -hole, 2)
  }
  return wing
}

function sacralArch(form: VertebraForm, ax: number, v: number, w: number): number {
  const below = form.halfHeight - w
  const bow = 0.1 * below - 0.0016 * below * below
  const canal = Math.max(5.5, form.canalDepth - 0.12 * Math.max(0, below))
  // The canal's back wall down to its hiatus, with the crest.
  const wall = v - bow - form.halfDepth * Math.max(0.3, 1 - 0.0105 * Math.max(0, below)) - canal
  const plate = smoothMax(
    boxDistance(ax - 15 + 3, Math.abs(wall - 3 + 0.03 * ax * ax) - 3 + 2, Math.abs(below - 48) - 37 + 3) - 2.5,
    -1e3,
    1,
  )
  const crest =
    boxDistance(ax - 3 + 2, Math.abs(wall - 9 + 2.5 * Math.sin(below * 0.27)) - 5 + 2, Math.abs(below - 42) - 32 + 2) -
    2
  let arch = smoothMin(rodDistance(form.pedicle, ax, v, w), laminaAndSpinous(form, ax, v, w), SEAM)
  arch = smoothMin(arch, smoothMin(plate, crest, 3), SEAM)
  for (const [fx, at] of FORAMINA)
    arch = smoothMax(arch, -(Math.sqrt((ax - fx) ** 2 + (w - form.halfHeight + at) ** 2) - 4.4), 2)
  return arch
}
