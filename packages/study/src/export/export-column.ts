import type { TableColumn, TableValue } from '@facetgrade/bundle/table'
import type { CellKey, CellValue } from '@facetgrade/grading/cell'
import { exportCell } from '@facetgrade/grading/export-cell'
import type { Text } from '@facetgrade/grading/protocol-text'

/** A column of an export and its value in a row. */
export type ExportColumn<Row> = TableColumn & { readonly value: (row: Row) => TableValue }

type CaseRow = {
  readonly patientCode: string
  readonly part: string | null
  readonly isWithdrawn: boolean
  readonly modality: string
}
type ReaderRow = { readonly round: string; readonly readerCode: string; readonly readerGroup: string }
type CellRow = { readonly cell: CellKey; readonly value: CellValue }

export const flag = (is: boolean): number => (is ? 1 : 0)

export const patientColumns = <Row extends Omit<CaseRow, 'modality'>>(): ExportColumn<Row>[] => [
  column('patient_code', 'code', { en: 'Patient code', zh: '患者编码' }, (row) => row.patientCode),
  column('part', 'code', { en: 'Part of the split', zh: '数据划分' }, (row) => row.part),
  column('withdrawn', 'flag', { en: 'The patient was withdrawn', zh: '患者已退出' }, (row) => flag(row.isWithdrawn)),
]

export const caseColumns = <Row extends CaseRow>(): ExportColumn<Row>[] => [
  ...patientColumns<Row>(),
  column('modality', 'code', { en: 'Modality', zh: '检查方式' }, (row) => row.modality),
]

export const roundColumn = <Row extends Pick<ReaderRow, 'round'>>(): ExportColumn<Row> =>
  column('round', 'code', { en: 'Round of reading', zh: '阅片轮次' }, (row) => row.round)

export const readerColumns = <Row extends ReaderRow>(): ExportColumn<Row>[] => [
  roundColumn(),
  column('reader', 'code', { en: 'Reader code', zh: '阅片者编码' }, (row) => row.readerCode),
  column('reader_group', 'code', { en: 'Reader group', zh: '阅片组' }, (row) => row.readerGroup),
]

export const placeColumns = <Row extends { readonly cell: CellKey }>(): ExportColumn<Row>[] => [
  column('level', 'code', { en: 'Level', zh: '节段' }, (row) => row.cell.level),
  column('side', 'code', { en: "Side, the patient's own", zh: '侧别（患者自身左右）' }, (row) => row.cell.side),
  column('feature', 'code', { en: 'Feature', zh: '征象' }, (row) => row.cell.feature),
]

export const cellColumns = <Row extends CellRow>(): ExportColumn<Row>[] => [
  ...placeColumns<Row>(),
  column(
    'grade',
    'integer',
    { en: 'Grade; empty unless state is graded', zh: '评分；仅当状态为已评分时有值' },
    (row) => exportCell(row.value).grade,
  ),
  column('state', 'code', { en: 'State of the cell', zh: '单元格状态' }, (row) => exportCell(row.value).state),
  column(
    'reason',
    'code',
    { en: 'Why it is not assessable', zh: '无法评估的原因' },
    (row) => exportCell(row.value).reason,
  ),
  column(
    'reason_text',
    'text',
    { en: "The reader's own words where the reason is other", zh: '其他原因的说明' },
    (row) => oneLine(exportCell(row.value).reason_text),
  ),
]

/** Statistics packages read a line as a case: whatever breaks a line becomes a space. */
export const oneLine = (text: string | null): string | null => (text === null ? null : text.replace(/\s+/g, ' ').trim())

export function column<Row>(
  name: string,
  type: TableColumn['type'],
  label: Text,
  value: (row: Row) => TableValue,
): ExportColumn<Row> {
  return { name, type, label, value }
}

export const integer = <Row>(
  name: string,
  { unit, ...label }: Text & { unit?: string },
  value: (row: Row) => number | null,
): ExportColumn<Row> => ({ name, type: 'integer', label, value, ...(unit === undefined ? {} : { unit }) })

export const decimal = <Row>(
  name: string,
  { unit, ...label }: Text & { unit?: string },
  value: (row: Row) => number | null,
): ExportColumn<Row> => ({ name, type: 'decimal', label, value, ...(unit === undefined ? {} : { unit }) })

export const instant = <Row>(name: string, label: Text, value: (row: Row) => string | null): ExportColumn<Row> => ({
  name,
  type: 'instant',
  unit: 'UTC, ISO 8601',
  label,
  value,
})
