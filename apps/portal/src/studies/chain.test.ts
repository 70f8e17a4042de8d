import type { FlowDiagram } from '@facetgrade/grading/flow-diagram'
import { expect, test } from 'vitest'
import { chainStates } from './chain.ts'

const none = { train: 0, validation: 0, test: 0 }
const aFlow = (counts: Partial<FlowDiagram>): FlowDiagram => ({
  received: 0,
  waiting: 0,
  screened: 0,
  excluded: 0,
  exclusions: [],
  eligible: 0,
  withdrawn: 0,
  split: none,
  read: none,
  analysed: none,
  ...counts,
})

test('an empty study waits for its first import', () => {
  expect(chainStates(aFlow({}))).toEqual({
    protocol: 'done',
    imports: 'current',
    screening: 'blocked',
    split: 'blocked',
    reading: 'blocked',
    evaluation: 'blocked',
  })
})

test('the split can be sealed once nobody waits for screening', () => {
  expect(chainStates(aFlow({ received: 3, waiting: 1, screened: 2, eligible: 2 }))).toMatchObject({
    screening: 'current',
    split: 'blocked',
  })
  expect(chainStates(aFlow({ received: 3, screened: 3, eligible: 3 }))).toMatchObject({
    screening: 'done',
    split: 'current',
  })
})

test('withdrawn patients are not waited for', () => {
  const split = { train: 7, validation: 2, test: 1 }
  const left = { train: 6, validation: 2, test: 1 }
  const flow = aFlow({ received: 10, screened: 10, eligible: 10, withdrawn: 1, split, read: left, analysed: left })
  expect(chainStates(flow)).toMatchObject({ reading: 'done', evaluation: 'done' })
})

test('late patients reopen screening but not the sealed split', () => {
  const split = { train: 2, validation: 1, test: 1 }
  expect(chainStates(aFlow({ received: 5, waiting: 1, screened: 4, eligible: 4, split }))).toMatchObject({
    screening: 'current',
    split: 'done',
    reading: 'current',
  })
})
