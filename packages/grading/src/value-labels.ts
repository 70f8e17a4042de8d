import type { CellValue, NotAssessableReason } from './cell.ts'
import type { Level, Side } from './joint.ts'
import type { Modality } from './modality.ts'
import type { Part } from './part.ts'
import type { Text } from './protocol-text.ts'

export const LEVEL_LABELS = {
  L1L2: { en: 'L1/2', zh: 'L1/2' },
  L2L3: { en: 'L2/3', zh: 'L2/3' },
  L3L4: { en: 'L3/4', zh: 'L3/4' },
  L4L5: { en: 'L4/5', zh: 'L4/5' },
  L5S1: { en: 'L5/S1', zh: 'L5/S1' },
  L5L6: { en: 'L5/L6', zh: 'L5/L6' },
  L6S1: { en: 'L6/S1', zh: 'L6/S1' },
} as const satisfies Record<Level, Text>

export const SIDE_LABELS = {
  left: { en: 'Left', zh: '左侧' },
  right: { en: 'Right', zh: '右侧' },
} as const satisfies Record<Side, Text>

export const MODALITY_LABELS = {
  xray: { en: 'X-ray', zh: 'X 线' },
  ct: { en: 'CT', zh: 'CT' },
  mr: { en: 'MR', zh: 'MR' },
} as const satisfies Record<Modality, Text>

export const PART_LABELS = {
  train: { en: 'Training', zh: '训练集' },
  validation: { en: 'Validation', zh: '验证集' },
  test: { en: 'Test', zh: '测试集' },
} as const satisfies Record<Part, Text>

export const STATE_LABELS = {
  graded: { en: 'Graded', zh: '已评分' },
  not_graded: { en: 'Not graded', zh: '未评分' },
  not_assessable: { en: 'Not assessable', zh: '无法评估' },
  not_applicable: { en: 'Not applicable: not asked by the protocol', zh: '不适用：方案未要求' },
} as const satisfies Record<CellValue['kind'], Text>

export const REASON_LABELS = {
  not_covered: { en: 'Not covered by the images', zh: '图像未覆盖' },
  artefact: { en: 'Artefact', zh: '伪影' },
  not_visible: { en: 'Covered, but not visible', zh: '已覆盖但显示不清' },
  hardware: { en: 'Hidden by hardware', zh: '内固定物遮挡' },
  other: { en: 'Other reason', zh: '其他原因' },
} as const satisfies Record<NotAssessableReason['code'], Text>

export const SEVERITY_LABEL = { en: 'Severity of the whole joint', zh: '关节整体严重程度' } as const satisfies Text
