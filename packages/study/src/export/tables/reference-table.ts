import { boundTable } from '../bound-table.ts'
import { caseColumns, cellColumns, integer } from '../export-column.ts'
import type { ReferenceCellRow } from '../export-store.ts'

export const referenceTable = boundTable<ReferenceCellRow>(
  {
    name: 'reference',
    label: { en: 'Reference standard, cell by cell, every version', zh: '参考标准（逐单元格，含全部版本）' },
    key: ['patient_code', 'modality', 'reference_version', 'level', 'side', 'feature'],
    columns: [
      ...caseColumns<ReferenceCellRow>(),
      integer('reference_version', { en: 'Reference version', zh: '参考标准版本' }, (row) => row.referenceVersion),
      ...cellColumns<ReferenceCellRow>(),
    ],
  },
  (page) => page.reference(),
)
