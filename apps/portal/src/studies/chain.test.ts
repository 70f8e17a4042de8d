import { expect, test } from 'vitest'
import { type ChainCounts, chainStates } from './chain.ts'

const none = { split: 0, read: 0, analysed: 0 }
const aFlow = (counts: Partial<ChainCounts>): ChainCounts => ({
  received: 0,
  waiting: 0,
  screened: 0,
  eligible: 0,
  withdrawn: 0,
  totals: none,
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
  const totals = { split: 10, read: 9, analysed: 9 }
  const flow = aFlow({ received: 10, screened: 10, eligible: 10, withdrawn: 1, totals })
  expect(chainStates(flow)).toMatchObject({ reading: 'done', evaluation: 'done' })
})

test('late patients reopen screening but not the sealed split', () => {
  const totals = { ...none, split: 4 }
  expect(chainStates(aFlow({ received: 5, waiting: 1, screened: 4, eligible: 4, totals }))).toMatchObject({
    screening: 'current',
    split: 'done',
    reading: 'current',
  })
})
