import type en from '../en/roles.ts'

export default {
  administrator: '系统管理员',
  investigator: '研究者',
  coordinator: '研究协调员',
  reader: '阅片者',
  statistician: '统计师',
  modeller: '建模人员',
  monitor: '监查员',
  system: '系统',
} satisfies typeof en
