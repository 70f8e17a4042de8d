import { boundTable } from '../bound-table.ts'
import { caseColumns, cellColumns, column, instant, integer, readerColumns } from '../export-column.ts'
import type { GradeEventRow } from '../export-store.ts'

export const gradeEventTable = boundTable<GradeEventRow>(
  {
    name: 'grade-events',
    label: { en: 'Every grade event, in the order of each reading', zh: '全部评分事件（按每次阅片的顺序）' },
    key: ['patient_code', 'modality', 'round', 'reader', 'sequence'],
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
  (page) => page.gradeEvents(),
)
