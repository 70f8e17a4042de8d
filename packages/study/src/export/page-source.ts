import type { CellAnswer, CellText } from '@facetgrade/grading/cell'
import { cellText } from '@facetgrade/grading/cell'
import type { CellRow } from '@facetgrade/grading/grade-event'
import { patientLevels } from '@facetgrade/grading/level-numbering'
import type { Protocol } from '@facetgrade/grading/protocol'
import { formCells } from '@facetgrade/grading/reading-cells'
import type { Stores } from '../stores.ts'
import type {
  ConsensusCellRow,
  ExportExamRow,
  ExportPatientRow,
  GradeEventRow,
  OrderRow,
  Patients,
  PredictionRow,
  ReadingCellsRow,
  ReferenceCellRow,
  TruthRow,
} from './export-store.ts'
import type { ReaderMask } from './reader-mask.ts'

/** A reading with its whole form: an unanswered cell says so and is not just not there. */
export type FormRow = Omit<ReadingCellsRow, 'cells'> & {
  readonly form: readonly CellRow[]
  readonly protocol: Protocol
}

/** All that a page of patients holds, each kind read once however many files want it. */
export type PageSource = {
  patients(): Promise<readonly ExportPatientRow[]>
  exams(): Promise<readonly ExportExamRow[]>
  gradeEvents(): Promise<readonly GradeEventRow[]>
  forms(): Promise<readonly FormRow[]>
  consensus(): Promise<readonly ConsensusCellRow[]>
  reference(): Promise<readonly ReferenceCellRow[]>
  order(): Promise<readonly OrderRow[]>
  predictions(): Promise<readonly PredictionRow[]>
  truth(): Promise<readonly TruthRow[]>
}

/** What readers may be called, and whether what would tell them apart is left out. */
export type Blinding = { readonly isBlinded: boolean; readonly mask: ReaderMask }

export function pageSource(
  stores: Pick<Stores, 'exports'>,
  of: Patients,
  { isBlinded, mask, protocols }: Blinding & { readonly protocols: ReadonlyMap<number, Protocol> },
): PageSource {
  const { exports } = stores
  const masked = <Row extends { readerCode: string }>(row: Row): Row => ({ ...row, readerCode: mask(row.readerCode) })
  return {
    patients: once(() => exports.patients(of)),
    exams: once(() => exports.exams(of)),
    gradeEvents: once(async () => {
      const rows = (await exports.gradeEvents(of)).map(masked)
      return isBlinded ? rows.map(withoutTraces) : rows
    }),
    forms: once(async () => (await exports.readingCells(of)).map((row) => formOf(masked(row), protocols, isBlinded))),
    consensus: once(() => exports.consensusCells(of)),
    reference: once(() => exports.referenceCells(of)),
    order: once(async () => {
      const rows = (await exports.order(of)).map(masked)
      return isBlinded ? rows.map((row) => ({ ...row, seed: null })) : rows
    }),
    predictions: once(() => exports.predictions(of)),
    truth: once(() => exports.truth(of)),
  }
}

function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined
  return () => {
    loaded ??= load()
    return loaded
  }
}

/** Hashes of the chain can be tried with each reader's code, ids are the reader's own, and words show who writes. */
const withoutTraces = (row: GradeEventRow): GradeEventRow => ({
  ...row,
  value: withoutWords(row.value),
  eventId: null,
  hash: null,
  previousHash: null,
})

function withoutWords<Value extends GradeEventRow['value']>(value: Value): Value {
  if (value.kind !== 'not_assessable' || value.reason.code !== 'other') return value
  return { ...value, reason: { code: 'other', text: WITHHELD } }
}

/** Stands for a reader's own words in a blinded export. */
const WITHHELD = '(withheld)'

function formOf(
  { cells, ...reading }: ReadingCellsRow,
  protocols: ReadonlyMap<number, Protocol>,
  isBlinded: boolean,
): FormRow {
  const protocol = protocols.get(reading.protocolVersion)
  if (!protocol) throw new RangeError(`export: no protocol version ${reading.protocolVersion}`)
  const answers = new Map<CellText, CellAnswer>()
  for (const { cell, value } of cells) {
    if (value.kind === 'graded' || value.kind === 'not_assessable')
      answers.set(cellText(cell), isBlinded ? withoutWords(value) : value)
  }
  const levels = patientLevels(protocol, reading)
  return { ...reading, protocol, form: formCells(protocol, { modality: reading.modality, levels, answers }) }
}
