import type { Spine } from './spine.ts'

/** The spine's course by height: what the soft tissues follow. */
export type Course = {
  /** Back–front position of the middle of the bodies. */
  y: number
  halfDepth: number
  halfWidth: number
  canalDepth: number
  canalHalfWidth: number
  /** 0 at T12 … 1 at L4/5 and below: how far down the spine. */
  descent: number
  /** 1 between two laminae, where the ligamentum flavum is; 0 behind a lamina. */
  interlaminar: number
  /** 0 … 1: how far the dural sac has tapered in the sacrum. */
  taper: number
}

type Node = { z: number; y: number; halfDepth: number; halfWidth: number; canalDepth: number; canalHalfWidth: number }

const STEP_MM = 1
const MARGIN_MM = 90

/**
 * Tabulated every millimetre and interpolated, by the height above the S1 endplate; beyond the table it stays as at its
 * ends. The same object is written anew at each call: the inner loops must not allocate.
 */
export function courseOf(spine: Spine): (z: number) => Course {
  const nodes = nodesOf(spine).toSorted((a, b) => a.z - b.z)
  const [lowest, highest] = [nodes[0], nodes.at(-1)]
  if (lowest === undefined || highest === undefined) throw new RangeError('a spine without vertebrae')
  const from = lowest.z - MARGIN_MM
  const count = Math.ceil((highest.z + MARGIN_MM - from) / STEP_MM) + 1
  const table = Array.from({ length: count }, (_, index) => courseAt(spine, nodes, from + index * STEP_MM))
  const now: Course = courseAt(spine, nodes, from)
  return (z) => {
    const place = Math.max(0, Math.min(count - 1.001, (z - from) / STEP_MM))
    const index = Math.floor(place)
    const t = place - index
    const a = table[index]
    const b = table[index + 1]
    if (a === undefined || b === undefined) return now
    now.y = a.y + (b.y - a.y) * t
    now.halfDepth = a.halfDepth + (b.halfDepth - a.halfDepth) * t
    now.halfWidth = a.halfWidth + (b.halfWidth - a.halfWidth) * t
    now.canalDepth = a.canalDepth + (b.canalDepth - a.canalDepth) * t
    now.canalHalfWidth = a.canalHalfWidth + (b.canalHalfWidth - a.canalHalfWidth) * t
    now.descent = a.descent + (b.descent - a.descent) * t
    now.interlaminar = a.interlaminar + (b.interlaminar - a.interlaminar) * t
    now.taper = a.taper + (b.taper - a.taper) * t
    return now
  }
}

function nodesOf(spine: Spine): Node[] {
  return spine.vertebrae.flatMap(({ frame, form }): Node[] => {
    const size = { halfWidth: form.halfWidth, canalDepth: form.canalDepth, canalHalfWidth: form.canalHalfWidth }
    if (form.kind === 'lumbar') return [{ z: frame.z, y: frame.y, halfDepth: form.halfDepth, ...size }]
    return [form.halfHeight, 0, -25, -50, -75].map((w) => {
      const below = form.halfHeight - w
      const v = 0.1 * below - 0.0016 * below * below
      return {
        z: frame.z + v * frame.sin + w * frame.cos,
        y: frame.y + v * frame.cos - w * frame.sin,
        halfDepth: (form.halfDepth * Math.max(0.3, 1 - 0.0105 * below)) / frame.cos,
        halfWidth: size.halfWidth * Math.max(0.4, 1 - 0.0085 * below),
        canalDepth: Math.max(6, size.canalDepth - 0.12 * below) / frame.cos,
        canalHalfWidth: size.canalHalfWidth,
      }
    })
  })
}

function courseAt(spine: Spine, nodes: readonly Node[], z: number): Course {
  let above = nodes.findIndex((node) => node.z > z)
  if (above === -1) above = nodes.length - 1
  const [a, b] = [nodes[Math.max(0, above - 1)], nodes[above]]
  if (a === undefined || b === undefined) throw new RangeError('a spine without vertebrae')
  const t = b.z === a.z ? 0 : Math.max(-1.5, Math.min(1.5, (z - a.z) / (b.z - a.z)))
  const mix = (name: keyof Node): number => a[name] + (b[name] - a[name]) * t
  const [bottom, top] = [spine.discs.at(-1)?.frame.z ?? 0, spine.discs[0]?.frame.z ?? 1]
  let interlaminar = 0
  for (const { frame, heightMm } of spine.discs) {
    const middle = frame.z + 0.3 * heightMm
    interlaminar = Math.max(interlaminar, 1 - Math.max(0, Math.abs(z - middle) - 8) / 5)
  }
  return {
    y: mix('y'),
    halfDepth: mix('halfDepth'),
    halfWidth: mix('halfWidth'),
    canalDepth: mix('canalDepth'),
    canalHalfWidth: mix('canalHalfWidth'),
    descent: Math.max(0, Math.min(1, (top - z) / (0.82 * (top - bottom)))),
    interlaminar: Math.max(0, interlaminar),
    taper: Math.max(0, Math.min(1, (bottom - 8 - z) / 50)),
  }
}
