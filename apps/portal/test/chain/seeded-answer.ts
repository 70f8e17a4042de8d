import { createHash } from 'node:crypto'
import type { CellAnswer, CellText } from '@facetgrade/grading/cell'
import type { ReaderCode } from './chain.ts'

const share = (text: string): number =>
  Number.parseInt(createHash('sha256').update(text).digest('hex').slice(0, 8), 16) / 2 ** 32

/** Juniors differ more often from the usual grade of a cell than seniors do. */
const OFF = { J1: 0.1, J2: 0.08, S1: 0.04, S2: 0.04 } as const
const NOT_ASSESSABLE = 0.012

/** What a reader answers: the cell's usual grade, now and then one beside it, sometimes not assessable. Invented. */
export function seededAnswer(reader: ReaderCode, position: number, cell: CellText): CellAnswer {
  const usual = usualGrade(cell)
  const luck = share(`${reader} ${position} ${cell}`)
  if (luck < NOT_ASSESSABLE) return { kind: 'not_assessable', reason: { code: 'artefact' } }
  if (luck < NOT_ASSESSABLE + OFF[reader]) return { kind: 'graded', grade: usual === 0 ? 1 : usual - 1 }
  return { kind: 'graded', grade: usual }
}

function usualGrade(cell: CellText): number {
  const place = share(`usual ${cell}`)
  return place < 0.4 ? 0 : place < 0.65 ? 1 : place < 0.87 ? 2 : 3
}
