import { expect, test } from 'vitest'
import { type JointPoint, PointSet, pointsByJoint } from './points.ts'

const lps: JointPoint = { level: 'L4L5', side: 'left', kind: 'lps', mm: [20.5, -31, 402], frameOfReference: '2.25.1' }
const ap: JointPoint = { level: 'L4L5', side: 'left', kind: 'image', sop: '2.25.2', uv: [812.5, 1430] }

test('a set keeps a joint’s point in space and one on each image', () => {
  const points = [lps, ap, { ...ap, sop: '2.25.3' }]
  expect(PointSet.parse({ version: 1, source: 'coordinator', points }).points).toEqual(points)
  expect(pointsByJoint(points).get('L4L5-left')).toEqual(points)
})

test('two points of a joint in one frame are refused, and so is a reader’s private point', () => {
  expect(PointSet.safeParse({ version: 1, source: 'model', points: [lps, lps] }).success).toBe(false)
  expect(PointSet.safeParse({ version: 1, source: 'reader', points: [lps] }).success).toBe(false)
})

test('coordinates are finite numbers', () => {
  const broken = { ...lps, mm: [Number.NaN, 0, 0] }
  expect(PointSet.safeParse({ version: 1, source: 'import', points: [broken] }).success).toBe(false)
})
