import { readFile } from 'node:fs/promises'
import { CSV_REASONS, readPatientsCsv } from '@facetgrade/dicom/patients-csv'
import type { StudyKey } from '@facetgrade/dicom/study-key'
import type { ClinicalPreview, ClinicalRow } from '@facetgrade/study/patients/clinical-table'
import type { Api } from './api.ts'
import { RefusedError } from './refusal.ts'

type Place = {
  api: Api
  studyCode: string
  settings: Awaited<ReturnType<Api['imports']['settings']['query']>>
  key: StudyKey
}
export type PreviewedTable = { rows: ClinicalRow[]; preview: ClinicalPreview }

const SHOWN_PROBLEMS = 20

/**
 * Reads and pseudonymises the table here and asks the server what it would do. Takes nothing.
 *
 * @throws {RefusedError} CLINICAL_TABLE_INVALID with row, column and reason of what is wrong
 */
export async function previewClinical({ api, studyCode, settings, key }: Place, path: string): Promise<PreviewedTable> {
  const bytes = await readFile(path).catch(() => {
    throw new RefusedError('SOURCE_MISSING', `${path} is not there or cannot be read.`)
  })
  const { clinicalColumns: columns, defaultIssuer } = settings
  const table = readPatientsCsv(bytes, { columns, key, defaultIssuer })
  refuseProblems(
    table.problems.map(({ row, column, reason }) => ({
      row,
      column,
      sentence: `${reason}: ${CSV_REASONS[reason].en}`,
    })),
  )
  const rows = table.rows.map(({ line, ...row }) => ({ row: line, ...row }))
  const preview = await api.patients.preview.mutate({ studyCode, rows })
  refuseProblems(preview.problems.map(({ row, column, reason }) => ({ row, column, sentence: reason })))
  return { rows, preview }
}

export const takeClinical = async ({ api, studyCode }: Place, { rows }: PreviewedTable): Promise<ClinicalPreview> => {
  // The images that were imported since the preview may have brought some of the patients.
  const { created, changed } = await api.patients.preview.mutate({ studyCode, rows })
  return api.patients.confirm.mutate({ studyCode, rows, expected: { created, changed } })
}

function refuseProblems(problems: readonly { row: number | null; column: string | null; sentence: string }[]): void {
  if (problems.length === 0) return
  const lines = problems
    .slice(0, SHOWN_PROBLEMS)
    .map(({ row, column, sentence }) => `  row ${row ?? '-'}, column ${column ?? '-'}: ${sentence}`)
  const more = problems.length > SHOWN_PROBLEMS ? [`  and ${problems.length - SHOWN_PROBLEMS} more`] : []
  throw new RefusedError(
    'CLINICAL_TABLE_INVALID',
    ['The clinical table has problems; nothing of it was taken.', ...lines, ...more].join('\n'),
    { problems: problems.length },
  )
}
