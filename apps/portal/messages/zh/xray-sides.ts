import type en from '../en/xray-sides.ts'

export default {
  title: 'X 线侧别',
  lead: 'X 线片不含患者坐标。请对照图中的侧别标记，逐幅确认一次投照体位与左右侧；未确认的图像不用于阅片。',
  counts: '共 {images, plural, other {# 幅图像}}，{open} 幅待确认。',
  openOnly: '仅显示待确认图像',
  noneTitle: '没有待确认图像',
  noneText: '所有 X 线图像均已确认体位与侧别，或尚未导入。',
  imageOf: '患者 {number} · {code}',
  pictureAlt: '原样显示的 X 线图像',
  confirmedBefore: '此前已确认。更正会与原确认一并保留。',
  source: {
    patient_orientation: '依据文件中的方向信息提出建议，请对照标记核实。',
    view_position: '依据文件中的投照体位提出建议，请对照标记核实。',
    none: '文件未注明体位与侧别，请根据图像确定。',
  },
  choose: '请选择…',
  view: '体位',
  views: { ap: '前后位', pa: '后前位', lateral: '侧位', oblique: '斜位' },
  patientRight: '患者右侧位于',
  patientRightHint: '图上的字母随您的选择变化，须与图中标记一致。',
  edges: { 'left-edge': '图像左缘', 'right-edge': '图像右缘' },
  shownJoints: '所显示的关节',
  joints: { left: '左侧', right: '右侧' },
  incomplete: '请先选择体位及相关项目。',
  confirm: '确认',
} satisfies typeof en
