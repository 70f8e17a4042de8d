import { boundTable } from '../bound-table.ts'
import { caseColumns, cellColumns, column, flag, instant, integer, roundColumn } from '../export-column.ts'
import type { ConsensusCellRow } from '../export-store.ts'

export const consensusTable = boundTable<ConsensusCellRow>(
  {
    name: 'consensus',
    label: { en: 'Consensus of each group, cell by cell, every version', zh: '各组共识（逐单元格，含全部版本）' },
    key: ['patient_code', 'modality', 'round', 'reader_group', 'consensus_version', 'level', 'side', 'feature'],
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
  (page) => page.consensus(),
)
