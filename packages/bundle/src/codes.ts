import { codebook } from '@facetgrade/grading/codebook'
import { AbstainReason } from '@facetgrade/grading/prediction'
import type { Protocol } from '@facetgrade/grading/protocol'
import type { Text } from '@facetgrade/grading/protocol-text'
import { KIND_TEXT } from './table.ts'

export type CodedValue = { readonly value: string; readonly label: Text }
export type CodeList = { readonly column: string; readonly values: readonly CodedValue[] }

/** Codes that stand for a value that is not there: statistics packages declare them as missing. */
export const MISSING_STATES = ['not_graded', 'not_assessable', 'not_applicable'] as const

/** Every coded column of the tables with its codes, in the order of the codebook. */
export function codeLists(protocol: Protocol, protocolVersion: number): CodeList[] {
  return [
    ...codebook(protocol, protocolVersion).columns.map(({ column, values }) => ({ column, values })),
    { column: 'round', values: protocol.rounds.map(({ name, label }) => ({ value: name, label })) },
    { column: 'reader_group', values: protocol.readerGroups.map(({ name, label }) => ({ value: name, label })) },
    list('origin', {
      entered: { en: 'Entered by the reader', zh: '阅片者输入' },
      copied: { en: 'Copied from the opposite joint', zh: '自对侧关节复制' },
      undone: { en: 'An undo', zh: '撤销' },
    }),
    list('consensus_origin', {
      agreed: { en: 'The readers agreed', zh: '阅片者一致' },
      adjudicated: { en: 'Decided together and confirmed by all', zh: '共同裁定并全部确认' },
    }),
    list('split_origin', {
      sealed: { en: 'In the sealed split', zh: '封存划分时分配' },
      later: { en: 'Allocated after the seal by its keyed draw', zh: '封存后按密钥抽取分配' },
    }),
    list('sex', { M: { en: 'Male', zh: '男' }, F: { en: 'Female', zh: '女' }, O: { en: 'Other', zh: '其他' } }),
    list('lumbar_vertebrae', {
      five: { en: 'Five', zh: '五' },
      six: { en: 'Six: L5/L6 and L6/S1 take the place of L5/S1', zh: '六：以 L5/L6、L6/S1 代替 L5/S1' },
      four: { en: 'Four: L5 is sacralised', zh: '四：L5 骶化' },
    }),
    list('screening_decision', {
      eligible: { en: 'Eligible', zh: '合格' },
      excluded: { en: 'Excluded', zh: '排除' },
    }),
    list('prediction_state', {
      graded: { en: 'The model gives a grade', zh: '模型给出评分' },
      abstained: { en: 'The model abstains', zh: '模型弃权' },
    }),
    {
      column: 'abstain_reason',
      values: AbstainReason.options.map((value) => ({ value, label: ABSTAIN_LABELS[value] })),
    },
    list('study_kind', KIND_TEXT),
  ]
}

const ABSTAIN_LABELS = {
  no_point: { en: 'No joint point', zh: '无关节点' },
  outside_volume: { en: 'The joint lies outside the images', zh: '关节在图像范围之外' },
  missing_slices: { en: 'Slices are missing', zh: '层面缺失' },
  geometry_unproven: { en: 'The geometry is not proven', zh: '几何信息未证实' },
  wrong_body_part: { en: 'Another body part', zh: '其他部位' },
  metal: { en: 'Metal', zh: '金属' },
  secondary_capture: { en: 'Secondary capture', zh: '二次采集图像' },
  unlike_training: { en: 'Unlike what the model was trained on', zh: '与训练数据差异过大' },
  modality_unsupported: { en: 'The model does not read this modality', zh: '模型不支持该检查方式' },
} as const satisfies Record<AbstainReason, Text>

const list = (column: string, labels: Readonly<Record<string, Text>>): CodeList => ({
  column,
  values: Object.entries(labels).map(([value, label]) => ({ value, label })),
})
