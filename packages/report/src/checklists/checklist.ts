import type { Text } from '@facetgrade/grading/protocol-text'

/**
 * One item of a reporting guideline. `number` only where a source for it was found; `evidence` is the part of the report
 * that answers it (an id of a section), and `by` who fills the rest.
 */
export type ChecklistItem = {
  readonly number: string | null
  readonly title: Text
  readonly evidence: readonly string[]
  /** `auto`: this report answers it. `partly`: it answers a part. `authors`: only the authors can. */
  readonly by: 'auto' | 'partly' | 'authors'
}

export type Checklist = {
  readonly id: string
  readonly name: string
  /** Of the guideline. */
  readonly citation: string
  /** Where its numbers were read; null: numbers left out. */
  readonly numbersFrom: string | null
  readonly items: readonly ChecklistItem[]
}

export const auto = (number: string | null, en: string, zh: string, ...evidence: string[]): ChecklistItem => ({
  number,
  title: { en, zh },
  evidence,
  by: 'auto',
})
export const partly = (number: string | null, en: string, zh: string, ...evidence: string[]): ChecklistItem => ({
  number,
  title: { en, zh },
  evidence,
  by: 'partly',
})
export const authors = (number: string | null, en: string, zh: string): ChecklistItem => ({
  number,
  title: { en, zh },
  evidence: [],
  by: 'authors',
})
