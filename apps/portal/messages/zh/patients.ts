import type en from '../en/patients.ts'

export default {
  title: '患者',
  lead: '影像或数据已导入的所有患者，仅以代码标识。',
  number: '编号',
  code: '患者代码',
  sex: '性别',
  age: '年龄',
  site: '中心',
  modalities: { xray: 'X 线检查', ct: 'CT 检查', mr: 'MR 检查' },
  state: '状态',
  inStudy: '在研究中',
  withdrawn: '已退出',
  acts: '操作',
  none: '尚无患者',
  noneText: '首次导入后患者将在此显示。',
  withdraw: '退出',
  withdrawNamed: '使 {code} 退出',
  withdrawText: '其影像将不可阅读，且不再接收新的影像。患者在流程图和分组中保留位置。此操作不可撤销。',
  withdrawalCode: '原因',
  codes: {
    consent_withdrawn: '撤回同意',
    ineligible_after_all: '最终不符合入选条件',
    wrong_person: '影像属于他人',
    site_request: '中心要求',
    other: '其他',
  },
} satisfies typeof en
