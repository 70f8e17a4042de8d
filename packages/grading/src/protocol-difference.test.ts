import { expect, test } from 'vitest'
import { shippedProtocol } from '../test/protocols.ts'
import type { Protocol } from './protocol.ts'
import { protocolDifference } from './protocol-difference.ts'

const before = shippedProtocol()

function amended(amend: (protocol: Protocol) => void): Protocol {
  const protocol = shippedProtocol()
  amend(protocol)
  return protocol
}

test('a protocol does not differ from itself', () => {
  expect(protocolDifference(before, shippedProtocol())).toEqual([])
})

test('a changed number is one change with both values', () => {
  const after = amended((protocol) => (protocol.plannedPatients = 1132))
  expect(protocolDifference(before, after)).toEqual([{ path: 'plannedPatients', before: 700, after: 1132 }])
})

test('an inserted criterion is one addition under its code, whatever its place', () => {
  const criterion = { code: 'E5', kind: 'exclusion', text: { en: 'Infection', zh: '感染' } } as const
  const after = amended(({ eligibility }) => eligibility.criteria.unshift(criterion))
  expect(protocolDifference(before, after)).toEqual([{ path: 'eligibility.criteria[E5]', after: criterion }])
})

test('a reworded level of a scale is one change with its place', () => {
  const after = amended(({ features }) => Object.assign(features[4]?.scales.ct?.[1]?.label ?? {}, { en: 'Tiny' }))
  expect(protocolDifference(before, after)).toEqual([
    { path: 'features[cyst].scales.ct[1].label.en', before: 'One small', after: 'Tiny' },
  ])
})

test('a removed optional part is a removal', () => {
  const after = amended(({ clinicalColumns }) => clinicalColumns.pop())
  expect(protocolDifference(before, after)).toEqual([
    { path: 'clinicalColumns[leg_pain]', before: before.clinicalColumns.at(-1) },
  ])
})

test('a changed order of named members is seen', () => {
  const after = amended(({ rounds, readerGroups }) => {
    rounds.reverse()
    readerGroups.reverse()
  })
  expect(protocolDifference(before, after)).toEqual([
    { path: 'readerGroups[order]', before: ['junior', 'senior'], after: ['senior', 'junior'] },
  ])
})

test('a list of plain values is compared whole', () => {
  const after = amended(({ endpoints }) => endpoints.primary.pop())
  expect(protocolDifference(before, after)).toEqual([
    { path: 'endpoints.primary', before: ['f1', 'auc'], after: ['f1'] },
  ])
})

test('forwards and backwards say the same', () => {
  const after = amended(({ split }) => {
    split.strata.pop()
    split.ratios = { train: 60, validation: 20, test: 20 }
  })
  const back = protocolDifference(after, before).map(({ path, before: b, after: a }) => ({ path, before: a, after: b }))
  expect(back).toEqual(
    protocolDifference(before, after).map((change) => ({ before: undefined, after: undefined, ...change })),
  )
})
