import type { CellAnswer, CellText } from '@facetgrade/grading/cell'
import type { ChainInput } from '@facetgrade/testing/chain-input'
import type { Page } from 'playwright-core'
import type { Person } from './person.ts'

export const STUDY_CODE = 'chain'
export const READERS = ['J1', 'J2', 'S1', 'S2'] as const
export type ReaderCode = (typeof READERS)[number]
export type Modality = 'xray' | 'ct' | 'mr'

/** What a reader entered in one case, by the case's place in the reader's own list: all that a reader can know of it. */
export type EnteredCase = { modality: Modality; answers: ReadonlyMap<CellText, CellAnswer> }

/** The story so far: who works in the study, what was given to it, and what the people entered. */
export type Chain = {
  origin: string
  input: ChainInput
  people: Readonly<Record<'investigator' | 'coordinator' | 'statistician' | ReaderCode, Person>>
  /** `J1/7` → the case; filled by reading. */
  entered: Map<string, EnteredCase>
  /** `S1/7` → the pair's decisions by cell, under the place in the first reader's list; filled by adjudication. */
  decided: Map<string, ReadonlyMap<CellText, CellAnswer>>
  shot: (page: Page, name: string) => Promise<void>
}

export const pageOf = (chain: Pick<Chain, 'origin'>, path: string): string =>
  `${chain.origin}/studies/${STUDY_CODE}${path}`
