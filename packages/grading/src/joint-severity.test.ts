import { expect, test } from 'vitest'
import { otherProtocol, shippedProtocol } from '../test/protocols.ts'
import type { CellAnswer } from './cell.ts'
import { jointSeverities } from './joint-severity.ts'
import { requiredCells } from './required-cells.ts'

const graded = (grade: number): CellAnswer => ({ kind: 'graded', grade })

test('gives one severity for each joint of a case, from that joint’s own cells', () => {
  const protocol = shippedProtocol()
  const rows = requiredCells(protocol, 'ct', protocol.levels).map((cell) => ({
    cell,
    value: graded(cell.level === 'L4L5' && cell.side === 'left' && cell.feature === 'osteophytes' ? 2 : 0),
  }))
  const severities = jointSeverities(protocol, 'ct', rows)
  expect(severities).toHaveLength(10)
  expect(severities.filter(({ severity }) => severity.kind === 'exact' && severity.grade === 2)).toEqual([
    { level: 'L4L5', side: 'left', severity: { kind: 'exact', grade: 2 } },
  ])
})

test('does not take a direct global grade for the derived one', () => {
  const protocol = otherProtocol()
  const rows = requiredCells(protocol, 'ct', ['L4L5']).map((cell) => ({
    cell,
    value: graded(cell.feature === 'severity' ? 3 : 0),
  }))
  expect(jointSeverities(protocol, 'ct', rows).map(({ severity }) => severity)).toEqual([
    { kind: 'exact', grade: 0 },
    { kind: 'exact', grade: 0 },
  ])
})
