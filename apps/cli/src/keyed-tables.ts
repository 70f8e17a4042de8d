import { readFile } from 'node:fs/promises'
import { type KeyedPoints, keyPoints } from '@facetgrade/dicom/keyed-points'
import type { StudyKey } from '@facetgrade/dicom/study-key'
import { readTruthCsv, TRUTH_REASONS, type TruthGroup } from '@facetgrade/dicom/truth-csv'
import { PointsFile } from '@facetgrade/grading/points-file'
import type { TruthImport } from '@facetgrade/study/phantom-truth/import-truth'
import type { PointsImport } from '@facetgrade/study/points/import-points'
import type { Api } from './api.ts'
import { readJsonFile } from './json-file.ts'
import { RefusedError } from './refusal.ts'

type Keyed = { key: StudyKey; defaultIssuer: string }
type Place = { api: Api; studyCode: string }

const SHOWN_PROBLEMS = 20
/** What one call takes; the server bounds it. */
const PORTION = 200

/** @throws {RefusedError} SOURCE_MISSING, TRUTH_TABLE_INVALID with line, column and reason of what is wrong */
export async function readTruth(path: string, keyed: Keyed): Promise<TruthGroup[]> {
  const bytes = await readFile(path).catch(() => {
    throw new RefusedError('SOURCE_MISSING', `${path} is not there or cannot be read.`)
  })
  const { groups, problems } = readTruthCsv(bytes, keyed)
  if (problems.length === 0) return groups
  const lines = problems
    .slice(0, SHOWN_PROBLEMS)
    .map(({ row, column, reason }) => `  row ${row ?? '-'}, column ${column ?? '-'}: ${TRUTH_REASONS[reason]}`)
  const more = problems.length > SHOWN_PROBLEMS ? [`  and ${problems.length - SHOWN_PROBLEMS} more`] : []
  throw new RefusedError(
    'TRUTH_TABLE_INVALID',
    ['The table of built-in grades has problems; nothing of it was taken.', ...lines, ...more].join('\n'),
    { problems: problems.length },
  )
}

/** @throws {RefusedError} FILE_MISSING, FILE_NOT_JSON, POINTS_FILE_INVALID with the place of the first problem */
export function readPoints(path: string, keyed: Keyed): KeyedPoints[] {
  const parsed = PointsFile.safeParse(readJsonFile(path))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new RefusedError(
      'POINTS_FILE_INVALID',
      `${path} is not a points file (facetgrade-points/1). First problem at ${issue?.path.join('.') || 'its top'}: ${issue?.message ?? 'unknown'}. Nothing was published.`,
    )
  }
  const { exams, problems } = keyPoints(parsed.data, keyed)
  const [first] = problems
  if (first) {
    const reason = first.reason === 'PATIENT_BLANK' ? 'its patient is blank' : 'its modality is not xray, ct or mr'
    throw new RefusedError(
      'POINTS_FILE_INVALID',
      `Exam ${first.exam} of ${path} cannot be used: ${reason}. Nothing was published.`,
    )
  }
  return exams
}

/** All of it is looked at by the server before any of it is taken. */
export async function takeTruth({ api, studyCode }: Place, groups: readonly TruthGroup[]): Promise<TruthImport> {
  for (const truth of portions(groups)) await api.phantomTruth.preview.mutate({ studyCode, truth })
  const taken = { cells: 0, added: 0, unchanged: 0 }
  for (const truth of portions(groups)) {
    const { cells, added, unchanged } = await api.phantomTruth.import.mutate({ studyCode, truth })
    taken.cells += cells
    taken.added += added
    taken.unchanged += unchanged
  }
  return taken
}

/** All of it is looked at by the server before any of it is published. */
export async function previewPoints({ api, studyCode }: Place, keyed: readonly KeyedPoints[]): Promise<void> {
  for (const exams of portions(keyed)) await api.points.preview.mutate({ studyCode, exams })
}

export async function takePoints({ api, studyCode }: Place, keyed: readonly KeyedPoints[]): Promise<PointsImport> {
  const taken = { exams: 0, published: 0, unchanged: 0, points: 0 }
  for (const exams of portions(keyed)) {
    const { published, unchanged, points, exams: count } = await api.points.import.mutate({ studyCode, exams })
    taken.exams += count
    taken.published += published
    taken.unchanged += unchanged
    taken.points += points
  }
  return taken
}

export const truthText = ({ cells, added, unchanged }: TruthImport): string =>
  `built-in grades: ${cells} cells, ${added} new, ${unchanged} unchanged`
export const pointsText = ({ exams, published, unchanged, points }: PointsImport): string =>
  `points: ${points} in ${exams} exams; ${published} exams published, ${unchanged} unchanged`

const portions = <T>(all: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(all.length / PORTION) }, (_, index) =>
    all.slice(index * PORTION, (index + 1) * PORTION),
  )
