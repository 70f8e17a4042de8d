import { boundTable } from '../bound-table.ts'
import { caseColumns, column, decimal, flag, integer, placeColumns } from '../export-column.ts'
import type { TruthRow } from '../export-store.ts'

/** In studies of phantoms only. */
export const truthTable = boundTable<TruthRow>(
  {
    name: 'phantom-truth',
    label: { en: 'Grades that were built into the phantoms', zh: '体模中预设的评分' },
    key: ['patient_code', 'modality', 'level', 'side', 'feature'],
    columns: [
      ...caseColumns<TruthRow>(),
      ...placeColumns<TruthRow>(),
      integer('true_grade', { en: 'Grade built in', zh: '预设评分' }, (row) => row.grade),
      column('visible', 'flag', { en: 'The images can show it', zh: '图像可显示' }, (row) => flag(row.isVisible)),
      decimal('cnr', { en: 'Contrast-to-noise ratio', zh: '对比噪声比' }, (row) => row.cnr),
    ],
  },
  (page) => page.truth(),
)
