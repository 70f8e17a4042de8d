import { KIND_COLUMN, type StudyKind, type Table, type TableRow } from '@facetgrade/bundle/table'
import { column, type ExportColumn, integer } from './export-column.ts'
import type { PartCount } from './export-store.ts'

const COLUMNS: readonly ExportColumn<PartCount>[] = [
  column(
    'part',
    'code',
    { en: 'Part of the split; empty: not allocated', zh: '数据划分；空为未分配' },
    (row) => row.part,
  ),
  integer('patients', { en: 'Patients', zh: '患者数' }, (row) => row.patients),
  integer('readings', { en: 'Readings begun', zh: '已开始的阅片数' }, (row) => row.readings),
  integer('signed_readings', { en: 'Readings signed', zh: '已签名的阅片数' }, (row) => row.signedReadings),
  integer('grade_events', { en: 'Grade events', zh: '评分事件数' }, (row) => row.gradeEvents),
  integer('consensus_cells', { en: 'Consensus cells in force', zh: '有效共识单元格数' }, (row) => row.consensusCells),
  integer(
    'reference_cells',
    { en: 'Cells of the latest reference', zh: '最新参考标准单元格数' },
    (row) => row.referenceCells,
  ),
]

export const COUNTS_TABLE: Table = {
  name: 'counts',
  label: {
    en: 'How much there is in each part: of the test part these numbers alone before it is unsealed',
    zh: '各划分的数量：测试集在解封前仅提供这些数字',
  },
  key: ['part'],
  columns: [...COLUMNS, KIND_COLUMN],
}

export const countRows = (counts: readonly PartCount[], kind: StudyKind): TableRow[] =>
  counts.map((count) => [...COLUMNS.map(({ value }) => value(count)), kind])
