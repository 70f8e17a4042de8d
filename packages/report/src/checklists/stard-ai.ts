import { authors, auto, type Checklist, partly } from './checklist.ts'

/** What STARD-AI adds to STARD 2015, by topic; the shared items stand in that list. */
export const STARD_AI: Checklist = {
  id: 'stard-ai',
  name: 'STARD-AI',
  citation: 'Sounderajah V et al. Nat Med 2025, doi:10.1038/s41591-025-03953-8',
  numbersFrom: null,
  items: [
    partly(
      null,
      'Source, collection and eligibility of the data',
      '数据的来源、收集与入选',
      'methods-design',
      'participants',
    ),
    auto(
      null,
      'Annotation of the data: who, how, disagreement',
      '数据标注：标注者、方法与分歧处理',
      'methods-reference',
      'agreement',
    ),
    auto(
      null,
      'Partition of the data, by patient, without leakage',
      '按患者划分且无泄漏的数据划分',
      'methods-design',
      'facts',
    ),
    auto(null, 'Characteristics of each partition', '各划分的特征', 'table-one', 'distribution'),
    authors(null, 'Acquisition and preprocessing of the images', '影像采集与预处理'),
    partly(
      null,
      'The model: version, input, output, thresholds',
      '模型：版本、输入、输出与阈值',
      'methods-model',
      'facts',
    ),
    authors(null, 'Development and training of the model', '模型的开发与训练'),
    auto(null, 'Handling of poor or missing input, abstentions', '低质量或缺失输入及模型弃判的处理', 'missing'),
    auto(null, 'Accuracy in subgroups; bias and fairness', '亚组准确性；偏倚与公平性', 'subgroups'),
    auto(null, 'Analysis of errors', '误差分析', 'failures'),
    partly(null, 'Applicability and generalisability', '适用性与外推性', 'limitations'),
    authors(null, 'Availability of data, code and model', '数据、代码与模型的可获得性'),
    authors(null, 'Commercial interests and oversight', '商业利益与监督'),
  ],
}
