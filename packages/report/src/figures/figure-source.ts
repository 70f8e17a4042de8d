import type { EvaluationDocument } from '@facetgrade/evaluation/evaluation-document'
import type { EvaluationRow } from '@facetgrade/evaluation/evaluation-row'
import type { Result } from '@facetgrade/evaluation/result'
import type { Protocol } from '@facetgrade/grading/protocol'
import { decimal } from '../words/format-number.ts'
import { type Labels, labelsOf } from '../words/labels.ts'
import type { Language } from '../words/language.ts'
import { type SeriesStyle, seriesStyles } from './style.ts'

/** What every figure draws from: the document of one evaluation, in one language. */
export type FigureSource = {
  readonly document: EvaluationDocument
  readonly protocol: Protocol
  readonly labels: Labels
  readonly styles: ReadonlyMap<string, SeriesStyle>
  /** Stands on every figure of data that are no patients'. */
  readonly warning: readonly string[]
}

export function figureSource(document: EvaluationDocument, protocol: Protocol, language: Language): FigureSource {
  const labels = labelsOf(document, protocol, language)
  const { words } = labels
  return {
    document,
    protocol,
    labels,
    styles: seriesStyles(document.comparators),
    warning: [
      ...(document.studyKind === 'synthetic' ? [words.synthetic] : []),
      ...(document.studyKind === 'demo' ? [words.demo] : []),
      ...(document.data === 'simulated' ? [words.simulated] : []),
    ],
  }
}

/** `95 %` as the language writes it. */
export const levelText = ({ document }: FigureSource): string => `${decimal(100 * document.level, 0)}%`

/** The unit with the least and most counts of the results drawn: `Unit: joint; 594–600 joints of 60 patients`. */
export function unitLine({ labels: { words } }: FigureSource, results: readonly Result[]): string {
  const [first] = results
  if (!first) return ''
  const n = range(results.map((one) => one.n))
  const patients = range(results.map((one) => one.clusters))
  const units = n.least === n.most ? words.units[first.unit](n.most) : `${n.least}–${words.units[first.unit](n.most)}`
  const of =
    patients.least === patients.most
      ? words.units.patient(patients.most)
      : `${patients.least}–${words.units.patient(patients.most)}`
  return `${words.perUnit[first.unit]}; ${first.unit === 'patient' ? units : words.ofUnits(units, of)}`
}

function range(values: readonly number[]): { least: number; most: number } {
  return { least: Math.min(...values), most: Math.max(...values) }
}

/** Primary results of one analysis: the missing-cell rules and subgroups are other rows. */
export const primaryRows = (
  { document }: FigureSource,
  analysis: EvaluationRow['analysis'],
): readonly EvaluationRow[] =>
  document.rows.filter((row) => row.analysis === analysis && row.missingRule === null && row.subgroup === null)
