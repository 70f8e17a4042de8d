import { boundTable } from '../bound-table.ts'
import { caseColumns, column, decimal, type ExportColumn, flag, integer, placeColumns } from '../export-column.ts'
import type { PredictionRow } from '../export-store.ts'

const GRADES = [0, 1, 2, 3, 4] as const

export const predictionTable = boundTable<PredictionRow>(
  {
    name: 'predictions',
    label: { en: 'Model predictions, cell by cell, every computation', zh: '模型预测（逐单元格，含全部计算）' },
    key: ['patient_code', 'modality', 'model_hash', 'input_hash', 'level', 'side', 'feature'],
    columns: [
      ...caseColumns<PredictionRow>(),
      ...placeColumns<PredictionRow>(),
      column(
        'prediction_state',
        'code',
        { en: 'Graded, or the model abstains', zh: '已评分或模型弃权' },
        (row) => row.output.kind,
      ),
      integer('grade', { en: 'Grade: cut-offs with P >= .5', zh: '评分：P >= 0.5 的截断数' }, ({ output }) =>
        output.kind === 'graded' ? output.grade : null,
      ),
      ...GRADES.map(probability),
      integer('set_lowest', { en: 'Lowest grade of the conformal set', zh: '共形预测集最低评分' }, ({ output }) =>
        output.kind === 'graded' ? (output.set[0] ?? null) : null,
      ),
      integer('set_highest', { en: 'Highest grade of the conformal set', zh: '共形预测集最高评分' }, ({ output }) =>
        output.kind === 'graded' ? (output.set.at(-1) ?? null) : null,
      ),
      column('abstain_reason', 'code', { en: 'Why the model abstains', zh: '弃权原因' }, ({ output }) =>
        output.kind === 'abstained' ? output.reason : null,
      ),
      column(
        'latest',
        'flag',
        { en: "The model's latest computation of the exam", zh: '该模型对该检查的最新计算' },
        (row) => flag(row.isLatest),
      ),
      column('model_hash', 'hash', { en: 'Model', zh: '模型' }, (row) => row.modelHash),
      column(
        'preprocessing',
        'text',
        { en: 'Version of the preprocessing', zh: '预处理版本' },
        (row) => row.preprocessingVersion,
      ),
      column('input_hash', 'hash', { en: 'Input', zh: '输入' }, (row) => row.inputHash),
    ],
  },
  (page) => page.predictions(),
)

function probability(grade: number): ExportColumn<PredictionRow> {
  return decimal(
    `p${grade}`,
    {
      en: `Calibrated probability of grade ${grade}; empty: not on the scale`,
      zh: `评分 ${grade} 的校准概率；空为不在量表内`,
    },
    ({ output }) => (output.kind === 'graded' ? (output.probabilities[grade] ?? null) : null),
  )
}
