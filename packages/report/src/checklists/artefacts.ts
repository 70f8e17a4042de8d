import type { Text } from '@facetgrade/grading/protocol-text'
import type { ReportSource } from '../sections/report-source.ts'

export type ArtefactState = 'there' | 'partly' | 'to_do' | 'not_applicable'

/** What software can emit of a reader study by itself, with the part of the report where it stands. */
export type Artefact = {
  readonly title: Text
  readonly evidence: readonly string[]
  /** What is still to be done, or why it does not apply. */
  readonly more: Text | null
  /** `there` unless the evidence is absent. */
  readonly state: (source: ReportSource) => ArtefactState | null
}

const always = (): null => null
const fixed = (state: ArtefactState) => (): ArtefactState => state
const hasModel = ({ document }: ReportSource): boolean => document.comparators.some(({ kind }) => kind === 'model')
const modelOnly = (source: ReportSource): ArtefactState | null => (hasModel(source) ? null : 'not_applicable')
const text = (en: string, zh: string): Text => ({ en, zh })

/** In the order of the house's list of twenty-one. */
export const ARTEFACTS: readonly Artefact[] = [
  {
    title: text('Flow diagram: patients and joints, with reasons', '流程图：患者与关节及原因'),
    evidence: ['participants'],
    more: null,
    state: always,
  },
  {
    title: text('Table 1 by part, with standardised differences', '各划分的基本特征表及标准化差异'),
    evidence: ['table-one'],
    more: text('A column per centre where a study has several.', '多中心研究需按中心分列。'),
    state: always,
  },
  {
    title: text(
      'Distribution of grades by feature, modality, level and part',
      '各征象、检查方式、节段与划分的评分分布',
    ),
    evidence: ['distribution'],
    more: null,
    state: always,
  },
  {
    title: text('Missing and not assessable by reason, with second lines', '缺失与无法评估及第二分析'),
    evidence: ['missing'],
    more: null,
    state: always,
  },
  {
    title: text(
      'Proof of the split: by patient, seed, hash, date of seal',
      '数据划分证明：按患者、种子、哈希与封存日期',
    ),
    evidence: ['methods-design', 'facts'],
    more: text("The sealed document is downloaded on the split's screen.", '封存文件可在数据划分页面下载。'),
    state: ({ context }) => (context.sealHash === null ? 'to_do' : null),
  },
  {
    title: text(
      'Reference standard: who, how, share adjudicated, agreement before',
      '参考标准：制定者、方法、裁定比例与此前一致性',
    ),
    evidence: ['methods-reference', 'agreement'],
    more: null,
    state: always,
  },
  {
    title: text('Compared readers and reference readers are disjoint', '被比较者与参考者互不相交'),
    evidence: ['methods-readers'],
    more: text("The protocol's format refuses anything else.", '方案格式不允许其他情形。'),
    state: fixed('there'),
  },
  {
    title: text('Blinding and random order of each reader', '盲法与各阅片者的随机顺序'),
    evidence: ['methods-readers'],
    more: text(
      'What was on screen and when is in the audit trail and the exports.',
      '界面内容与时间见审计记录与导出数据。',
    ),
    state: always,
  },
  {
    title: text('Washout, session dates, order', '洗脱期、阅片日期与顺序'),
    evidence: ['methods-readers'],
    more: text('Achieved intervals are in the assignments of the bundle.', '实际间隔见数据包中的分配表。'),
    state: ({ protocol }) => (protocol.rounds.some(({ kind }) => kind !== 'first') ? 'partly' : 'not_applicable'),
  },
  {
    title: text('Readers: role, years, training, calibration score', '阅片者：职称、年资、培训与校准成绩'),
    evidence: ['methods-readers'],
    more: text('Years, specialty and training: authors.', '年资、专业与培训由作者填写。'),
    state: fixed('partly'),
  },
  {
    title: text('Reading time and learning curve', '阅片时间与学习曲线'),
    evidence: ['readingTime'],
    more: null,
    state: always,
  },
  {
    title: text('Unit of analysis and clustering', '分析单位与聚类'),
    evidence: ['methods-statistics'],
    more: null,
    state: always,
  },
  {
    title: text(
      'Agreement: κ, AC2, exact, by feature, level, modality',
      '一致性：κ、AC2、完全一致率（按征象、节段与检查方式）',
    ),
    evidence: ['agreement'],
    more: null,
    state: always,
  },
  {
    title: text('Multi-reader analysis, fixed and random, with margin', '多阅片者分析（固定与随机）及界值'),
    evidence: ['panel', 'hypotheses'],
    more: null,
    state: modelOnly,
  },
  {
    title: text('Calibration per threshold, decision curves', '各界值的校准与决策曲线'),
    evidence: ['calibration'],
    more: null,
    state: modelOnly,
  },
  {
    title: text('Subgroups with n and test of interaction', '亚组（含 n 与交互检验）'),
    evidence: ['subgroups'],
    more: null,
    state: always,
  },
  {
    title: text('Failure analysis: largest errors', '失败分析：最大误差'),
    evidence: ['failures'],
    more: text('Causes: authors.', '原因由作者填写。'),
    state: always,
  },
  {
    title: text('Model card: version, hash, training data, thresholds', '模型卡：版本、哈希、训练数据与阈值'),
    evidence: ['methods-model', 'facts'],
    more: text('The card is shipped with the model.', '模型卡随模型提供。'),
    state: (source) => (hasModel(source) ? 'partly' : 'not_applicable'),
  },
  {
    title: text('Sample-size justification', '样本量依据'),
    evidence: [],
    more: text('A simulated study under the plan: authors.', '依计划模拟：由作者完成。'),
    state: fixed('to_do'),
  },
  {
    title: text('Registration, deviations, planned against achieved', '注册、方案偏离、计划与实际'),
    evidence: ['facts', 'participants'],
    more: text(
      "Deviations: authors; protocol versions are compared on the protocol's screen.",
      '偏离由作者填写；方案版本差异见方案页面。',
    ),
    state: fixed('partly'),
  },
  { title: text('Filled checklists', '已填的报告清单'), evidence: ['checklists'], more: null, state: fixed('there') },
]
