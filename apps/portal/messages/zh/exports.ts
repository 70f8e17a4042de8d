import type en from '../en/exports.ts'

export default {
  title: '数据导出',
  lead: '供 R、Python、SAS、SPSS 和 Stata 使用的长表及码表。每次下载均记入审计轨迹。',
  testSealed: '测试集已封存：文件仅包含训练集和验证集，测试集只提供数量。',
  testOpen: '测试集已解封：文件包含全部划分。',
  files: '文件',
  file: '文件',
  what: '内容',
  get: '下载',
  download: '下载 {file}',
  counts: '数量',
  part: '划分',
  partName: { train: '训练集', validation: '验证集', test: '测试集', none: '未分配' },
  count: {
    patients: '患者',
    readings: '已开始阅片',
    signedReadings: '已签名阅片',
    gradeEvents: '评分事件',
    consensusCells: '共识单元格',
    referenceCells: '参考标准单元格',
  },
  encoding:
    'CSV 采用带 BOM 的 UTF-8。空值表示缺失；仅当状态为“已评分”时才有评分，0 始终是一个评分。阅片者仅以编码出现，不含姓名。',
} satisfies typeof en
