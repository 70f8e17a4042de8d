import { boundTable } from '../bound-table.ts'
import { caseColumns, column, instant, integer, readerColumns } from '../export-column.ts'
import type { OrderRow } from '../export-store.ts'

export const orderTable = boundTable<OrderRow>(
  {
    name: 'reading-order',
    label: {
      en: "Assignments: cases in each reader's own order, with times",
      zh: '阅片任务：各阅片者的病例顺序与时间',
    },
    key: ['patient_code', 'modality', 'round', 'reader'],
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
        'text',
        { en: 'Algorithm of the order', zh: '排序算法' },
        (row) => row.algorithmVersion,
      ),
      instant('opened_at', { en: 'Case opened', zh: '打开病例' }, (row) => row.openedAt),
      instant('first_image_at', { en: 'First image shown', zh: '首幅图像显示' }, (row) => row.firstImageAt),
      instant('first_grade_at', { en: 'First grade', zh: '首个评分' }, (row) => row.firstGradeAt),
      instant('signed_at', { en: 'Signed', zh: '签名' }, (row) => row.signedAt),
    ],
  },
  (page) => page.order(),
)
