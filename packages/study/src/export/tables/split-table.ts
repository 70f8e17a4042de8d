import { boundTable } from '../bound-table.ts'
import { column, instant, patientColumns } from '../export-column.ts'
import type { ExportPatientRow } from '../export-store.ts'

export const splitTable = boundTable<ExportPatientRow>(
  {
    name: 'split',
    label: { en: 'The sealed split, by patient', zh: '封存的数据划分（按患者）' },
    key: ['patient_code'],
    columns: [
      ...patientColumns<ExportPatientRow>(),
      column('stratum', 'text', { en: 'Stratum of the allocation', zh: '分层' }, (row) => row.stratum),
      column(
        'split_origin',
        'code',
        { en: 'In the seal, or allocated after it', zh: '封存时分配或其后分配' },
        (row) => row.splitOrigin,
      ),
      instant('allocated_at', { en: 'Allocated', zh: '分配时间' }, (row) => row.allocatedAt),
    ],
  },
  async (page) => (await page.patients()).filter(({ part }) => part !== null),
)
