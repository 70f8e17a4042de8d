import type { CellValue } from '@facetgrade/grading/cell'
import { CellFeature } from '@facetgrade/grading/feature'
import { type Joint, type JointId, jointId } from '@facetgrade/grading/joint'
import { type JointSeverity, jointSeverities } from '@facetgrade/grading/joint-severity'
import { boundTable } from '../bound-table.ts'
import { caseColumns, column, type ExportColumn, instant, integer, readerColumns } from '../export-column.ts'
import type { FormRow } from '../page-source.ts'

type JointRow = Omit<FormRow, 'form'> & {
  readonly joint: Joint
  readonly values: Readonly<Partial<Record<CellFeature, CellValue>>>
  readonly severity: JointSeverity['severity']
}

const LABELS: Readonly<Record<CellFeature, { en: string; zh: string }>> = {
  narrowing: { en: 'Joint-space narrowing', zh: '关节间隙狭窄' },
  hypertrophy: { en: 'Hypertrophy', zh: '肥大' },
  osteophytes: { en: 'Osteophytes', zh: '骨赘' },
  erosion: { en: 'Surface erosion', zh: '关节面侵蚀' },
  cyst: { en: 'Subchondral cyst', zh: '软骨下囊变' },
  severity: { en: 'Severity as the reader graded it', zh: '阅片者直接评定的严重程度' },
}

/** The wide table: one row a reading and joint, a grade and a state for each feature, and severity by the rule. */
export const jointTable = boundTable<JointRow>(
  {
    name: 'joints',
    label: {
      en: 'One row a joint and reading, a column a feature (wide)',
      zh: '每次阅片每个关节一行，每个征象一列（宽表）',
    },
    key: ['patient_code', 'modality', 'round', 'reader', 'level', 'side'],
    columns: [
      ...caseColumns<JointRow>(),
      ...readerColumns<JointRow>(),
      column('level', 'code', { en: 'Level', zh: '节段' }, (row) => row.joint.level),
      column('side', 'code', { en: "Side, the patient's own", zh: '侧别（患者自身左右）' }, (row) => row.joint.side),
      ...CellFeature.options.flatMap(featureColumns),
      integer(
        'severity_lowest',
        { en: 'Severity by the rule, at least', zh: '按规则推导的严重程度下限' },
        ({ severity }) => (severity.kind === 'exact' ? severity.grade : severity.lowest),
      ),
      integer(
        'severity_highest',
        {
          en: 'Severity by the rule, at most; equal to the lowest where it is known',
          zh: '按规则推导的严重程度上限；与下限相等即为确定',
        },
        ({ severity }) => (severity.kind === 'exact' ? severity.grade : severity.highest),
      ),
      instant(
        'signed_at',
        { en: 'Signature that stands; empty: draft', zh: '有效签名时间；空为草稿' },
        (row) => row.signedAt,
      ),
    ],
  },
  async (page) => (await page.forms()).flatMap(jointRows),
)

function featureColumns(feature: CellFeature): ExportColumn<JointRow>[] {
  const label = LABELS[feature]
  return [
    integer(feature, { en: `${label.en}, grade`, zh: `${label.zh}，评分` }, ({ values }) => {
      const value = values[feature]
      return value?.kind === 'graded' ? value.grade : null
    }),
    column(
      `${feature}_state`,
      'code',
      { en: `${label.en}, state`, zh: `${label.zh}，状态` },
      ({ values }) => values[feature]?.kind ?? 'not_applicable',
    ),
  ]
}

function jointRows({ form, ...reading }: FormRow): JointRow[] {
  const joints = new Map<JointId, Partial<Record<CellFeature, CellValue>>>()
  for (const { cell, value } of form) {
    const id = jointId(cell.level, cell.side)
    joints.set(id, { ...joints.get(id), [cell.feature]: value })
  }
  return jointSeverities(reading.protocol, reading.modality, form).map(({ level, side, severity }) => ({
    ...reading,
    joint: { level, side },
    values: joints.get(jointId(level, side)) ?? {},
    severity,
  }))
}
