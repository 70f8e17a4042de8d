import type en from '../en/navigation.ts'

export default {
  label: '研究导航',
  home: '概览',
  imports: '导入',
  patients: '患者',
  screening: '筛选',
  xraySides: 'X 线侧别',
  split: '数据划分',
  assignments: '阅片分配',
  worklist: '我的阅片',
  adjudication: '分歧裁定',
  models: '模型',
  evaluation: '评价',
  exports: '导出',
  members: '成员',
  protocol: '方案',
} satisfies typeof en
