import { boundTable } from '../bound-table.ts'
import { caseColumns, column, decimal, flag, integer, oneLine } from '../export-column.ts'
import type { ExportExamRow } from '../export-store.ts'

export const examTable = boundTable<ExportExamRow>(
  {
    name: 'exams',
    label: { en: 'Exams of each patient', zh: '各患者的检查' },
    key: ['patient_code', 'modality', 'exam_uid'],
    columns: [
      ...caseColumns<ExportExamRow>(),
      column('exam_uid', 'hash', { en: 'Exam, pseudonymised UID', zh: '检查（假名化 UID）' }, (row) => row.examUid),
      column(
        'shifted_date',
        'date',
        { en: "Date, shifted by the patient's own number of days: intervals are true", zh: '移位日期：间隔真实' },
        (row) => row.shiftedDate,
      ),
      column('index_exam', 'flag', { en: 'The exam that readers were given', zh: '交付阅片的检查' }, (row) =>
        flag(row.isIndex),
      ),
      integer('series', { en: 'Series', zh: '序列数' }, (row) => row.series),
      integer(
        'gradable_series',
        { en: 'Series whose geometry is proven', zh: '几何信息已证实的序列数' },
        (row) => row.gradableSeries,
      ),
      integer('images', { en: 'Images', zh: '图像数' }, (row) => row.images),
      column('scanner', 'text', { en: 'Maker of the scanner', zh: '设备厂商' }, (row) => oneLine(row.scanner)),
      decimal('slice_thickness_mm', { en: 'Slice thickness', zh: '层厚', unit: 'mm' }, (row) => row.sliceThicknessMm),
    ],
  },
  (page) => page.exams(),
)
