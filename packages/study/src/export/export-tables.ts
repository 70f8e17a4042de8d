import { type CellAnswer, type CellKey, type CellText, type CellValue, cellText } from '@facetgrade/grading/cell'
import { patientLevels } from '@facetgrade/grading/level-numbering'
import type { Protocol } from '@facetgrade/grading/protocol'
import type { Text } from '@facetgrade/grading/protocol-text'
import { formCells } from '@facetgrade/grading/reading-cells'
import type { Stores } from '../stores.ts'
import type { CsvValue } from './csv.ts'
import {
  caseColumns,
  cellColumns,
  column,
  type ExportColumn,
  flag,
  instant,
  integer,
  readerColumns,
  roundColumn,
} from './export-column.ts'
import type { ConsensusCellRow, GradeEventRow, OrderRow, ReadingCellsRow, ReferenceCellRow } from './export-store.ts'

type Patients = { readonly studyId: string; readonly patientCodes: readonly string[] }

/** A table of the study: what it is, its columns, and its rows of a few patients. */
export type ExportTable = {
  readonly file: string
  readonly label: Text
  readonly columns: readonly Pick<ExportColumn<never>, 'name' | 'type' | 'unit' | 'label'>[]
  /** Rows as CSV values, in the order of the columns. */
  readonly rows: (stores: Pick<Stores, 'exports' | 'protocol'>, of: Patients) => Promise<CsvValue[][]>
}

/** Binds a table's columns to its rows, so that neither can name what the other lacks. */
function table<Row>(
  { file, label, columns }: { file: string; label: Text; columns: readonly ExportColumn<Row>[] },
  load: (stores: Pick<Stores, 'exports' | 'protocol'>, of: Patients) => Promise<readonly Row[]>,
): ExportTable {
  return {
    file,
    label,
    columns,
    rows: async (stores, of) => (await load(stores, of)).map((row) => columns.map(({ value }) => value(row))),
  }
}

const gradeEvents = table<GradeEventRow>(
  {
    file: 'grade-events.csv',
    label: { en: 'Every grade event, in the order of each reading', zh: '全部评分事件（按每次阅片的顺序）' },
    columns: [
      ...caseColumns<GradeEventRow>(),
      ...readerColumns<GradeEventRow>(),
      integer('sequence', { en: 'Place in the reading, from 1', zh: '在该次阅片中的序号' }, (row) => row.sequence),
      ...cellColumns<GradeEventRow>(),
      column('origin', 'code', { en: 'How the value came about', zh: '取值来源' }, (row) => row.origin),
      integer('protocol_version', { en: 'Protocol version', zh: '方案版本' }, (row) => row.protocolVersion),
      integer(
        'client_offset_ms',
        { en: "Time since the case was opened, reader's clock", zh: '自打开病例起的时间（阅片端时钟）', unit: 'ms' },
        (row) => row.clientOffsetMs,
      ),
      instant('received_at', { en: 'Receipt by the server', zh: '服务器接收时间' }, (row) => row.receivedAt),
      column('event_id', 'hash', { en: 'Event id', zh: '事件编号' }, (row) => row.eventId),
      column('hash', 'hash', { en: 'Hash in the chain of the reading', zh: '阅片哈希链中的哈希' }, (row) => row.hash),
      column('previous_hash', 'hash', { en: 'Hash before it', zh: '前一哈希' }, (row) => row.previousHash),
    ],
  },
  ({ exports }, of) => exports.gradeEvents(of),
)

type CurrentRow = ReadingCellsRow & { readonly cell: CellKey; readonly value: CellValue }
const currentCells = table<CurrentRow>(
  {
    file: 'current-cells.csv',
    label: {
      en: 'What stands in each cell of each reading: graded, not graded, not assessable or not applicable',
      zh: '每次阅片每个单元格的当前状态：已评分、未评分、无法评估或不适用',
    },
    columns: [
      ...caseColumns<CurrentRow>(),
      ...readerColumns<CurrentRow>(),
      ...cellColumns<CurrentRow>(),
      integer('protocol_version', { en: 'Protocol version', zh: '方案版本' }, (row) => row.protocolVersion),
      instant(
        'signed_at',
        { en: 'Signature that stands; empty: draft', zh: '有效签名时间；空为草稿' },
        (row) => row.signedAt,
      ),
    ],
  },
  async ({ exports, protocol }, of) => {
    const readings = await exports.readingCells(of)
    const versions = new Map<number, Protocol>()
    for (const { protocolVersion } of readings) {
      if (versions.has(protocolVersion)) continue
      const found = await protocol.find(of.studyId, protocolVersion)
      if (!found) throw new RangeError(`current cells: no protocol version ${protocolVersion}`)
      versions.set(protocolVersion, found.protocol)
    }
    return readings.flatMap((reading) => currentOf(reading, versions.get(reading.protocolVersion)))
  },
)

/** The whole form of a reading, so that an unanswered cell is a row that says so and not a row that is not there. */
function currentOf(reading: ReadingCellsRow, protocol: Protocol | undefined): CurrentRow[] {
  if (!protocol) throw new RangeError(`current cells: no protocol version ${reading.protocolVersion}`)
  const answers = new Map<CellText, CellAnswer>()
  for (const { cell, value } of reading.cells) {
    if (value.kind === 'graded' || value.kind === 'not_assessable') answers.set(cellText(cell), value)
  }
  const levels = patientLevels(protocol, reading)
  return formCells(protocol, { modality: reading.modality, levels, answers }).map((row) => ({ ...reading, ...row }))
}

const consensusCells = table<ConsensusCellRow>(
  {
    file: 'consensus.csv',
    label: { en: 'Consensus of each group, cell by cell, every version', zh: '各组共识（逐单元格，含全部版本）' },
    columns: [
      ...caseColumns<ConsensusCellRow>(),
      roundColumn<ConsensusCellRow>(),
      column('reader_group', 'code', { en: 'Reader group', zh: '阅片组' }, (row) => row.readerGroup),
      integer(
        'consensus_version',
        { en: 'Version; rises when a reading was unlocked', zh: '版本；解锁阅片后递增' },
        (row) => row.version,
      ),
      column('in_force', 'flag', { en: 'The version that counts', zh: '当前有效版本' }, (row) => flag(row.isInForce)),
      column('complete', 'flag', { en: 'No cell is left to adjudicate', zh: '无待裁定单元格' }, (row) =>
        flag(row.isComplete),
      ),
      ...cellColumns<ConsensusCellRow>(),
      column(
        'consensus_origin',
        'code',
        { en: 'Agreed by both, or adjudicated', zh: '一致或经裁定' },
        (row) => row.origin,
      ),
      instant('decided_at', { en: 'When the cell was settled', zh: '确定时间' }, (row) => row.decidedAt),
    ],
  },
  ({ exports }, of) => exports.consensusCells(of),
)

const referenceCells = table<ReferenceCellRow>(
  {
    file: 'reference.csv',
    label: { en: 'Reference standard, cell by cell, every version', zh: '参考标准（逐单元格，含全部版本）' },
    columns: [
      ...caseColumns<ReferenceCellRow>(),
      integer('reference_version', { en: 'Reference version', zh: '参考标准版本' }, (row) => row.referenceVersion),
      ...cellColumns<ReferenceCellRow>(),
    ],
  },
  ({ exports }, of) => exports.referenceCells(of),
)

const order = table<OrderRow>(
  {
    file: 'reading-order.csv',
    label: { en: "Cases in each reader's own order, with times", zh: '各阅片者的病例顺序与时间' },
    columns: [
      ...caseColumns<OrderRow>(),
      ...readerColumns<OrderRow>(),
      integer(
        'position',
        { en: "Place in the reader's order, from 1", zh: '在该阅片者顺序中的位置' },
        (row) => row.position,
      ),
      column('order_seed', 'hash', { en: 'Seed of the order', zh: '排序种子' }, (row) => row.seed),
      column(
        'order_algorithm',
        'code',
        { en: 'Algorithm of the order', zh: '排序算法' },
        (row) => row.algorithmVersion,
      ),
      instant('opened_at', { en: 'Case opened', zh: '打开病例' }, (row) => row.openedAt),
      instant('first_image_at', { en: 'First image shown', zh: '首幅图像显示' }, (row) => row.firstImageAt),
      instant('first_grade_at', { en: 'First grade', zh: '首个评分' }, (row) => row.firstGradeAt),
      instant('signed_at', { en: 'Signed', zh: '签名' }, (row) => row.signedAt),
    ],
  },
  ({ exports }, of) => exports.order(of),
)

/** Every table that is exported row by row. */
export const EXPORT_TABLES: readonly ExportTable[] = [gradeEvents, currentCells, consensusCells, referenceCells, order]
