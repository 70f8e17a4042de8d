import type { EvaluationDocument } from '@facetgrade/evaluation/evaluation-document'
import type { Analysis } from '@facetgrade/evaluation/evaluation-row'
import { readEvaluationDocument } from '@facetgrade/evaluation/read-evaluation-document'
import type { StudyKind } from '../studies/study-store.ts'

/**
 * A stored document, whole or with the rows of some analyses alone: a whole one has some ten thousand rows.
 *
 * @param studyKind  the study's: documents of the first format did not say, and nothing may pass for patients unsaid
 */
export function evaluationDocument(
  stored: unknown,
  analyses: readonly Analysis[] | undefined,
  studyKind: StudyKind = 'synthetic',
): EvaluationDocument {
  const document = readEvaluationDocument(stored, studyKind)
  if (analyses === undefined) return document
  return { ...document, rows: document.rows.filter(({ analysis }) => analyses.includes(analysis)) }
}
