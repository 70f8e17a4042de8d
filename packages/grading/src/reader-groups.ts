import type { Modality } from './modality.ts'
import type { Part } from './part.ts'
import type { Protocol } from './protocol.ts'
import type { ReaderGroupRule } from './protocol-document.ts'
import type { ReaderCode, ReaderGroup } from './role.ts'

type Groups = Pick<Protocol, 'readerGroups'>

export function readerGroup(protocol: Groups, name: ReaderGroup): ReaderGroupRule | undefined {
  return protocol.readerGroups.find((group) => group.name === name)
}

/** Groups whose readings are compared with the reference, in the protocol's order. */
export function comparedGroups(protocol: Groups): ReaderGroupRule[] {
  return protocol.readerGroups.filter(({ role }) => role === 'compared')
}

/** The one group that sets the reference. */
export function referenceGroup(protocol: Groups): ReaderGroupRule {
  const group = protocol.readerGroups.find(({ role }) => role === 'reference')
  if (!group) throw new RangeError('referenceGroup: the protocol was not checked')
  return group
}

/** Does the protocol hand cases of this modality and part to the group? */
export function readsCase(group: ReaderGroupRule, modality: Modality, part: Part): boolean {
  return (group.modalities?.includes(modality) ?? true) && (group.parts?.includes(part) ?? true)
}

/** The code of a group's n-th reader, n from 1. Codes are never used again, also not after a reader has been replaced. */
export function readerCode(group: ReaderGroupRule, number: number): ReaderCode {
  return `${group.codePrefix}${number}`
}

export type ReaderMember = { readonly person: string; readonly group: ReaderGroup }
export type ReaderMemberProblem = { readonly code: 'GROUP_UNKNOWN' | 'IN_TWO_GROUPS'; readonly person: string }

/**
 * Readers who may not be members as they are: in a group that the protocol does not have, or in two groups. Compared and
 * reference readers are disjoint as persons, not only as groups.
 */
export function readerMemberProblems(protocol: Groups, members: readonly ReaderMember[]): ReaderMemberProblem[] {
  const groupOf = new Map<string, ReaderGroup>()
  return members.flatMap(({ person, group }): ReaderMemberProblem[] => {
    if (!readerGroup(protocol, group)) return [{ code: 'GROUP_UNKNOWN', person }]
    const other = groupOf.get(person)
    groupOf.set(person, other ?? group)
    return other !== undefined && other !== group ? [{ code: 'IN_TWO_GROUPS', person }] : []
  })
}
