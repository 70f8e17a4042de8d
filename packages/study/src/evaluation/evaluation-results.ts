import { EvaluationDocument } from '@facetgrade/evaluation/evaluation-document'
import type { Analysis } from '@facetgrade/evaluation/evaluation-row'

/** A stored document, whole or with the rows of some analyses alone: a whole one has some ten thousand rows. */
export function evaluationDocument(stored: unknown, analyses: readonly Analysis[] | undefined): EvaluationDocument {
  const document = EvaluationDocument.parse(stored)
  if (analyses === undefined) return document
  return { ...document, rows: document.rows.filter(({ analysis }) => analyses.includes(analysis)) }
}
