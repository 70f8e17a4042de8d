import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shippedProtocol } from '../test/protocols.ts'
import { type FlowPatient, flowDiagram } from './flow-diagram.ts'
import { PARTS } from './part.ts'
import type { PartCounts } from './split-seal.ts'

const protocol = shippedProtocol()
const codes = protocol.eligibility.criteria.map(({ code }) => code)
const patients: fc.Arbitrary<FlowPatient[]> = fc.array(
  fc.record({
    screening: fc.oneof(
      fc.constant(null),
      fc.constant({ kind: 'eligible' } as const),
      fc.subarray(codes, { minLength: 1 }).map((failed) => ({ kind: 'excluded', codes: failed }) as const),
    ),
    part: fc.option(fc.constantFrom(...PARTS)),
    isWithdrawn: fc.boolean(),
    isRead: fc.boolean(),
    isAnalysed: fc.boolean(),
  }),
)
const sum = ({ train, validation, test: held }: PartCounts): number => train + validation + held

test('every patient is counted once at each step, and no step has more than the one before', () => {
  fc.assert(
    fc.property(patients, (list) => {
      const flow = flowDiagram(protocol, list)
      expect(flow.received).toBe(list.length)
      expect(flow.waiting + flow.screened).toBe(flow.received)
      expect(flow.excluded + flow.eligible).toBe(flow.screened)
      expect(flow.exclusions.reduce((total, reason) => total + reason.patients, 0)).toBe(flow.excluded)
      expect(sum(flow.split)).toBeLessThanOrEqual(flow.eligible)
      for (const part of PARTS) expect(flow.read[part]).toBeLessThanOrEqual(flow.split[part])
      for (const part of PARTS) expect(flow.analysed[part]).toBeLessThanOrEqual(flow.split[part])
    }),
  )
})

test('a patient with two reasons counts under the first; one withdrawn keeps the place in the split', () => {
  const flow = flowDiagram(protocol, [
    {
      screening: { kind: 'excluded', codes: ['E1', 'E4'] },
      part: null,
      isWithdrawn: false,
      isRead: false,
      isAnalysed: false,
    },
    { screening: { kind: 'eligible' }, part: 'test', isWithdrawn: true, isRead: true, isAnalysed: true },
    { screening: { kind: 'eligible' }, part: 'test', isWithdrawn: false, isRead: true, isAnalysed: true },
  ])
  expect(flow.exclusions).toContainEqual({ code: 'E1', patients: 1 })
  expect(flow.exclusions).toContainEqual({ code: 'E4', patients: 0 })
  expect(flow).toMatchObject({ withdrawn: 1, split: { test: 2 }, read: { test: 1 }, analysed: { test: 1 } })
})
