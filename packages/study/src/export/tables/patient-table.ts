import type { Protocol } from '@facetgrade/grading/protocol'
import { boundTable } from '../bound-table.ts'
import { column, decimal, type ExportColumn, flag, integer, oneLine, patientColumns } from '../export-column.ts'
import type { ExportPatientRow } from '../export-store.ts'

/** One row a patient, with the protocol's own clinical columns at the end. */
export const patientTable = (protocol: Protocol) =>
  boundTable<ExportPatientRow>(
    {
      name: 'patients',
      label: { en: 'Patients: demography, clinical columns, screening', zh: '患者：人口学、临床变量与筛选' },
      key: ['patient_code'],
      columns: [
        ...patientColumns<ExportPatientRow>(),
        column('withdrawal_code', 'code', { en: 'Why withdrawn', zh: '退出原因' }, (row) => row.withdrawalCode),
        column('sex', 'code', { en: 'Sex', zh: '性别' }, (row) => row.sex),
        integer(
          'age_years',
          { en: 'Age; 90 is 90 or more', zh: '年龄；90 表示 90 岁及以上', unit: 'years' },
          (row) => row.ageYears,
        ),
        column('site', 'code', { en: 'Site', zh: '中心' }, (row) => row.site),
        column('imaged_in_period', 'flag', { en: 'Imaged in the study period', zh: '检查在研究期内' }, (row) =>
          row.imagedInPeriod === null ? null : flag(row.imagedInPeriod),
        ),
        column(
          'lumbar_vertebrae',
          'code',
          { en: 'Free lumbar vertebrae, as the coordinator confirmed them', zh: '经协调员确认的游离腰椎数' },
          (row) => row.lumbarVertebrae,
        ),
        column(
          'screening_decision',
          'code',
          { en: 'Standing decision of the screening; empty: none', zh: '筛选结论；空为未定' },
          (row) => row.screeningDecision,
        ),
        column(
          'criteria',
          'text',
          { en: 'Criteria that excluded, separated by spaces', zh: '排除所依据的标准，以空格分隔' },
          (row) => row.criterionCodes.join(' ') || null,
        ),
        ...protocol.clinicalColumns.map(clinicalColumn),
      ],
    },
    (page) => page.patients(),
  )

function clinicalColumn(of: Protocol['clinicalColumns'][number]): ExportColumn<ExportPatientRow> {
  const valueOf = (row: ExportPatientRow): string | number | null => row.clinical[of.name] ?? null
  if (of.type === 'code') {
    return column(of.name, 'code', of.label, (row) => {
      const value = valueOf(row)
      return value === null ? null : oneLine(String(value))
    })
  }
  const label = { ...of.label, ...(of.unit === undefined ? {} : { unit: of.unit }) }
  const number = (row: ExportPatientRow): number | null => {
    const value = valueOf(row)
    return value === null ? null : Number(value)
  }
  return of.type === 'integer' ? integer(of.name, label, number) : decimal(of.name, label, number)
}
