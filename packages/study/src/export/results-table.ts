import { KIND_COLUMN, type StudyKind, type Table, type TableRow } from '@facetgrade/bundle/table'
import { EvaluationMetric, EvaluationRow, type RowKey, rowId } from '@facetgrade/evaluation/evaluation-row'
import { Result } from '@facetgrade/evaluation/result'
import { CellFeature } from '@facetgrade/grading/feature'
import { Modality } from '@facetgrade/grading/modality'
import type { Text } from '@facetgrade/grading/protocol-text'
import { z } from 'zod'
import { column, decimal, type ExportColumn, flag, integer } from './export-column.ts'

type ResultRow = EvaluationRow & { readonly resultHash: string }

const code = (name: string, label: Text, value: (row: ResultRow) => string | null): ExportColumn<ResultRow> =>
  column(name, 'text', label, value)
const number = (name: string, label: Text, value: (row: ResultRow) => number | null): ExportColumn<ResultRow> =>
  decimal(name, label, value)
const count = (name: string, label: Text, value: (row: ResultRow) => number | null): ExportColumn<ResultRow> =>
  integer(name, label, value)

const COLUMNS: readonly ExportColumn<ResultRow>[] = [
  code(
    'row_id',
    { en: 'Name of the row: the same question has it in every evaluation', zh: '行标识：同一问题在各次评价中一致' },
    (row) => row.id,
  ),
  code('analysis', { en: 'Analysis', zh: '分析' }, (row) => row.analysis),
  code(
    'comparator',
    {
      en: 'Who is judged: reader, group consensus, model, pair or panel',
      zh: '被评价者：阅片者、组共识、模型、成对或小组',
    },
    (row) => row.comparator,
  ),
  code('against', { en: 'Against whom', zh: '对照' }, (row) => row.against),
  code('modality', { en: 'Modality', zh: '检查方式' }, (row) => row.modality),
  code(
    'reference_modality',
    { en: 'Modality of the reference', zh: '参考标准的检查方式' },
    (row) => row.referenceModality,
  ),
  code('feature', { en: 'Feature', zh: '征象' }, (row) => row.feature),
  code('metric', { en: 'Metric', zh: '指标' }, (row) => row.metric),
  code(
    'score',
    { en: 'Judged by grades, probability, or the call at the operating point', zh: '依据：评分、概率或工作点判定' },
    (row) => row.score,
  ),
  count(
    'cut_grade',
    { en: 'Positive at this grade or more; empty: all grades', zh: '大于等于该评分为阳性；空表示使用全部等级' },
    (row) => row.cutGrade,
  ),
  count('class_grade', { en: 'The grade that a per-class metric is of', zh: '分级指标所属评分' }, (row) => row.grade),
  code('subgroup_by', { en: 'Variable of the subgroup', zh: '亚组变量' }, (row) => row.subgroup?.by ?? null),
  code('subgroup_value', { en: 'Subgroup', zh: '亚组' }, (row) => row.subgroup?.value ?? null),
  code(
    'missing_rule',
    { en: 'Rule for open cells; empty: they are left out', zh: '缺失处理；空表示排除' },
    (row) => row.missingRule,
  ),
  code('hypothesis', { en: 'Kind of hypothesis', zh: '假设类型' }, (row) => row.hypothesis?.kind ?? null),
  number('margin', { en: 'Margin of non-inferiority', zh: '非劣效界值' }, (row) => row.hypothesis?.margin ?? null),
  code('tested_row', { en: 'Row whose estimate is tested', zh: '被检验的行' }, (row) => row.hypothesis?.of ?? null),
  column(
    'rejected',
    'flag',
    { en: 'Rejected at the level of the family, after adjustment', zh: '校正后是否拒绝' },
    ({ hypothesis }) => (hypothesis === null || hypothesis.isRejected === null ? null : flag(hypothesis.isRejected)),
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
  code('method', { en: 'Estimator and interval', zh: '估计与区间方法' }, (row) => row.result.method),
  code('unit', { en: 'What n counts', zh: 'n 的计数单位' }, (row) => row.result.unit),
  count('n', { en: 'Units counted', zh: '计入的单位数' }, (row) => row.result.n),
  count(
    'patients',
    { en: 'Patients among them, the sampling unit', zh: '其中患者数（抽样单位）' },
    (row) => row.result.clusters,
  ),
  count(
    'n_missing',
    { en: 'Units that could have counted and did not', zh: '应计而缺失的单位数' },
    (row) => row.result.nMissing,
  ),
  count(
    'missing_rater_not_assessable',
    { en: 'Not assessable by the rater', zh: '评分者无法评估' },
    (row) => row.result.missing.raterNotAssessable,
  ),
  count(
    'missing_rater_not_graded',
    { en: 'Not graded by the rater', zh: '评分者未评分' },
    (row) => row.result.missing.raterNotGraded,
  ),
  count(
    'missing_reference_not_assessable',
    { en: 'Not assessable in the reference', zh: '参考标准无法评估' },
    (row) => row.result.missing.referenceNotAssessable,
  ),
  count(
    'missing_reference_not_graded',
    { en: 'No reference', zh: '无参考标准' },
    (row) => row.result.missing.referenceNotGraded,
  ),
  number('df', { en: 'Degrees of freedom', zh: '自由度' }, (row) => row.result.df),
  code(
    'target',
    { en: 'Whom the interval speaks for: these readers, or readers like these', zh: '推断对象：固定或随机阅片者' },
    (row) => row.result.target,
  ),
  number('p', { en: 'p', zh: 'p 值' }, (row) => row.result.p),
  number('p_adjusted', { en: 'p, adjusted within its family', zh: '族内校正 p 值' }, (row) => row.result.pAdjusted),
  code('family', { en: 'Family of hypotheses', zh: '假设族' }, (row) => row.result.family),
  code(
    'reason',
    { en: 'Why the estimate, or else the interval, is empty', zh: '估计值或区间为空的原因' },
    (row) => row.result.reason,
  ),
  code(
    'flags',
    { en: 'What to know before trusting it, separated by spaces', zh: '使用前须知，以空格分隔' },
    (row) => row.result.flags.join(' ') || null,
  ),
  code(
    'bound_side',
    { en: 'One-sided bound where every patient is right, or wrong', zh: '单侧界方向' },
    (row) => row.result.bound?.side ?? null,
  ),
  number('bound', { en: 'The bound', zh: '单侧界' }, (row) => row.result.bound?.value ?? null),
  count('replicates', { en: 'Bootstrap draws', zh: '自助抽样次数' }, (row) => row.result.bootstrap?.replicates ?? null),
  count(
    'replicates_undefined',
    { en: 'Draws on which the metric was not defined', zh: '指标无定义的抽样次数' },
    (row) => row.result.bootstrap?.undefined ?? null,
  ),
  column('result_hash', 'hash', { en: 'Hash of the results', zh: '结果哈希' }, (row) => row.resultHash),
]

export const RESULTS_TABLE: Table = {
  name: 'evaluation-results',
  label: { en: 'Results of the latest evaluation, one row a number', zh: '最新评价的结果，每行一个数值' },
  key: ['row_id'],
  columns: [...COLUMNS, KIND_COLUMN],
}

export function resultRows(results: unknown, resultHash: string, kind: StudyKind): TableRow[] {
  return storedRows(results).map((row) => [...COLUMNS.map(({ value }) => value({ ...row, resultHash })), kind])
}

const Present = z.object({ format: z.literal('facetgrade-evaluation/2'), rows: z.array(EvaluationRow) })
/** What evaluations before the present format hold: performance alone. */
const First = z.object({
  format: z.literal('facetgrade-evaluation/1'),
  rows: z.array(
    z.object({
      comparator: z.string(),
      modality: Modality,
      referenceModality: Modality,
      feature: CellFeature,
      metric: EvaluationMetric,
      cutGrade: z.int().nullable(),
      result: Result,
    }),
  ),
})

function storedRows(results: unknown): EvaluationRow[] {
  const parsed = z.discriminatedUnion('format', [Present, First]).parse(results)
  if (parsed.format === 'facetgrade-evaluation/2') return parsed.rows
  return parsed.rows.map(({ result, ...of }) => {
    const key: RowKey = {
      ...of,
      analysis: 'performance',
      against: 'reference',
      score: 'grades',
      grade: null,
      subgroup: null,
      missingRule: null,
      hypothesis: null,
    }
    return { ...key, id: rowId(key, result.target), result }
  })
}
