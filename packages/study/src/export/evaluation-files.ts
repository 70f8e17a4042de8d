import { csvLine } from '@facetgrade/bundle/csv'
import { resampleCounts } from '@facetgrade/evaluation/bootstrap/resample-counts'
import { EvaluationDocument } from '@facetgrade/evaluation/evaluation-document'

type NamedText = { readonly name: string; readonly content: string }

/** What analysis.R needs of an evaluation beside the tables. */
export function evaluationFiles(evaluation: { readonly inputs: unknown; readonly results: unknown }): NamedText[] {
  const files = [
    { name: 'results.json', content: json(evaluation.results) },
    { name: 'inputs.json', content: json(evaluation.inputs) },
  ]
  const document = EvaluationDocument.safeParse(evaluation.results)
  return document.success
    ? [...files, { name: 'bootstrap.csv', content: bootstrapCsv(document.data.bootstrap) }]
    : files
}

/** The resamples of every bootstrap interval: a line a draw, a column a patient, how often the patient was drawn. */
function bootstrapCsv({ patients, replicates, seed }: EvaluationDocument['bootstrap']): string {
  let text = csvLine(patients)
  if (patients.length === 0) return text
  for (const counts of resampleCounts({ patients: patients.length, replicates, seed })) text += csvLine([...counts])
  return text
}

const json = (document: unknown): string => `${JSON.stringify(document, null, 2)}\n`
