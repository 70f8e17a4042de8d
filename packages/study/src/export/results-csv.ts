import type { Text } from '@facetgrade/grading/protocol-text'
import type { EvaluationResults } from '../evaluation/evaluation-results.ts'
import { column, type ExportColumn, integer } from './export-column.ts'

export const RESULTS_FILE = 'evaluation-results.csv'
export const RESULTS_JSON_FILE = 'evaluation.json'
export const RESULTS_LABEL: Text = { en: 'Results of the latest evaluation', zh: '最新评价的结果' }

export type ResultRow = EvaluationResults['rows'][number] & {
  readonly evaluationId: string
  readonly resultHash: string
}

const number = (name: string, label: Text, value: (row: ResultRow) => number | null): ExportColumn<ResultRow> => ({
  name,
  type: 'decimal',
  label,
  value,
})

export const RESULT_COLUMNS: readonly ExportColumn<ResultRow>[] = [
  column(
    'comparator',
    'code',
    { en: 'Reader code, or the group for its consensus', zh: '阅片者编码，或组名（该组共识）' },
    (row) => row.comparator,
  ),
  column('comparator_kind', 'code', { en: 'Reader or consensus', zh: '个人或共识' }, (row) => row.kind),
  column('modality', 'code', { en: 'Modality', zh: '检查方式' }, (row) => row.modality),
  column(
    'reference_modality',
    'code',
    { en: 'Modality of the reference', zh: '参考标准的检查方式' },
    (row) => row.referenceModality,
  ),
  column('feature', 'code', { en: 'Feature', zh: '征象' }, (row) => row.feature),
  column('metric', 'code', { en: 'Metric', zh: '指标' }, (row) => row.metric),
  integer(
    'cut_grade',
    { en: 'Positive at this grade or more; empty: all grades', zh: '大于等于该评分为阳性；空表示使用全部等级' },
    (row) => row.cutGrade,
  ),
  number(
    'estimate',
    { en: 'Estimate; empty: not defined, see reason', zh: '估计值；空表示无定义，见 reason' },
    (row) => row.result.estimate,
  ),
  number('se', { en: 'Standard error', zh: '标准误' }, (row) => row.result.se),
  number('ci_lower', { en: 'Lower limit of the interval', zh: '置信区间下限' }, (row) => row.result.ci?.lower ?? null),
  number('ci_upper', { en: 'Upper limit of the interval', zh: '置信区间上限' }, (row) => row.result.ci?.upper ?? null),
  number('level', { en: 'Confidence level', zh: '置信水平' }, (row) => row.result.level),
  column('method', 'code', { en: 'Estimator and interval', zh: '估计与区间方法' }, (row) => row.result.method),
  column('unit', 'code', { en: 'What n counts', zh: 'n 的计数单位' }, (row) => row.result.unit),
  integer('n', { en: 'Units counted', zh: '计入的单位数' }, (row) => row.result.n),
  integer(
    'patients',
    { en: 'Patients among them, the sampling unit', zh: '其中患者数（抽样单位）' },
    (row) => row.result.clusters,
  ),
  integer(
    'n_missing',
    { en: 'Units that could have counted and did not', zh: '应计而缺失的单位数' },
    (row) => row.result.nMissing,
  ),
  integer(
    'missing_rater_not_assessable',
    { en: 'Not assessable by the rater', zh: '评分者无法评估' },
    (row) => row.result.missing.raterNotAssessable,
  ),
  integer(
    'missing_rater_not_graded',
    { en: 'Not graded by the rater', zh: '评分者未评分' },
    (row) => row.result.missing.raterNotGraded,
  ),
  integer(
    'missing_reference_not_assessable',
    { en: 'Not assessable in the reference', zh: '参考标准无法评估' },
    (row) => row.result.missing.referenceNotAssessable,
  ),
  integer(
    'missing_reference_not_graded',
    { en: 'No reference', zh: '无参考标准' },
    (row) => row.result.missing.referenceNotGraded,
  ),
  number('df', { en: 'Degrees of freedom', zh: '自由度' }, (row) => row.result.df),
  column(
    'reason',
    'code',
    { en: 'Why the estimate, or else the interval, is empty', zh: '估计值或区间为空的原因' },
    (row) => row.result.reason,
  ),
  column(
    'flags',
    'text',
    { en: 'What to know before trusting it, separated by spaces', zh: '使用前须知，以空格分隔' },
    (row) => row.result.flags.join(' ') || null,
  ),
  column('evaluation_id', 'hash', { en: 'Evaluation', zh: '评价编号' }, (row) => row.evaluationId),
  column('result_hash', 'hash', { en: 'Hash of the results', zh: '结果哈希' }, (row) => row.resultHash),
]
