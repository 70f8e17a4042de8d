import type { CellKey, CellValue } from '@facetgrade/grading/cell'
import { boundTable } from '../bound-table.ts'
import { caseColumns, cellColumns, instant, integer, readerColumns } from '../export-column.ts'
import type { FormRow } from '../page-source.ts'

type GradeRow = Omit<FormRow, 'form'> & { readonly cell: CellKey; readonly value: CellValue }

export const gradeTable = boundTable<GradeRow>(
  {
    name: 'grades',
    label: {
      en: 'What stands in each cell of each reading: graded, not graded, not assessable or not applicable',
      zh: '每次阅片每个单元格的当前状态：已评分、未评分、无法评估或不适用',
    },
    key: ['patient_code', 'modality', 'round', 'reader', 'level', 'side', 'feature'],
    columns: [
      ...caseColumns<GradeRow>(),
      ...readerColumns<GradeRow>(),
      ...cellColumns<GradeRow>(),
      integer('protocol_version', { en: 'Protocol version', zh: '方案版本' }, (row) => row.protocolVersion),
      instant(
        'signed_at',
        { en: 'Signature that stands; empty: draft', zh: '有效签名时间；空为草稿' },
        (row) => row.signedAt,
      ),
    ],
  },
  async (page) => (await page.forms()).flatMap(({ form, ...reading }) => form.map((row) => ({ ...reading, ...row }))),
)
