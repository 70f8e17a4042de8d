import { describe, expect, test } from 'vitest'
import { shippedProtocol } from '../test/protocols.ts'
import {
  comparedGroups,
  readerCode,
  readerGroup,
  readerMemberProblems,
  readsCase,
  referenceGroup,
} from './reader-groups.ts'
import { ReaderCode } from './role.ts'

const protocol = shippedProtocol()

test('juniors are compared with the reference that seniors set', () => {
  expect(comparedGroups(protocol).map(({ name }) => name)).toEqual(['junior'])
  expect(referenceGroup(protocol).name).toBe('senior')
})

test('readers are called by their group’s letters and a number', () => {
  expect(ReaderCode.parse(readerCode(referenceGroup(protocol), 2))).toBe('S2')
})

test('a group reads everything unless the protocol restricts it', () => {
  const group = referenceGroup(protocol)
  expect(readsCase(group, 'xray', 'train')).toBe(true)
  const restricted = { ...group, parts: ['test' as const], modalities: ['ct' as const] }
  expect(readsCase(restricted, 'ct', 'test')).toBe(true)
  expect(readsCase(restricted, 'ct', 'train')).toBe(false)
  expect(readsCase(restricted, 'mr', 'test')).toBe(false)
})

describe('members', () => {
  test('in one group each have no problem', () => {
    expect(
      readerMemberProblems(protocol, [
        { person: 'a', group: 'junior' },
        { person: 'b', group: 'senior' },
      ]),
    ).toEqual([])
  })

  test('nobody is compared with a reference of his own, and every group is the protocol’s', () => {
    expect(
      readerMemberProblems(protocol, [
        { person: 'a', group: 'junior' },
        { person: 'a', group: 'senior' },
        { person: 'b', group: 'expert' },
      ]),
    ).toEqual([
      { code: 'IN_TWO_GROUPS', person: 'a' },
      { code: 'GROUP_UNKNOWN', person: 'b' },
    ])
    expect(readerGroup(protocol, 'expert')).toBeUndefined()
  })
})
