import type { EvaluationMetric, EvaluationRow, SubgroupVariable } from '@facetgrade/evaluation/evaluation-row'
import type { CellFeature } from '@facetgrade/grading/feature'
import type { Modality } from '@facetgrade/grading/modality'
import { drawing } from '../drawing/svg.ts'
import { pValue } from '../words/format-number.ts'
import { estimateText, resultText } from '../words/result-text.ts'
import { idPart } from './confusion-figure.ts'
import type { Figure } from './figure.ts'
import { type FigureSource, levelText, unitLine } from './figure-source.ts'
import { type ForestLine, forestPlot } from './forest.ts'
import { INK } from './style.ts'

type Question = {
  readonly modality: Modality
  readonly feature: CellFeature
  readonly comparator: string
  readonly metric: EvaluationMetric
}

/** One comparator's performance in every subgroup of the plan, with n, patients and the test of interaction. */
export function subgroupFigure(source: FigureSource, { modality, feature, comparator, metric }: Question): Figure {
  const { labels, document, styles } = source
  const { words } = labels
  const ofQuestion = (row: EvaluationRow): boolean =>
    row.modality === modality &&
    row.feature === feature &&
    row.comparator === comparator &&
    row.metric === metric &&
    row.missingRule === null &&
    (metric !== 'auc' || row.score === 'grades')
  const rows = document.rows.filter((row) => row.analysis === 'subgroup' && ofQuestion(row))
  const all = document.rows.find((row) => row.analysis === 'performance' && row.subgroup === null && ofQuestion(row))
  const interactionOf = (by: SubgroupVariable) =>
    document.rows.find((row) => row.analysis === 'interaction' && row.subgroup?.by === by && ofQuestion(row))?.result.p
  const byVariable = Map.groupBy(rows, (row) => row.subgroup?.by)
  const style = styles.get(comparator) ?? { color: INK, symbol: 'square' as const }
  const title = words.figure.subgroups.title(
    words.metric[metric],
    labels.rater(comparator),
    labels.modality(modality),
    labels.feature(feature),
  )
  const unit = unitLine(source, all ? [all.result] : rows.map((row) => row.result))
  const lineOf = (label: string, row: EvaluationRow): ForestLine => ({
    kind: 'result',
    label,
    metric,
    result: row.result,
    style,
    more: [resultText(words, metric, row.result).n, resultText(words, metric, row.result).patients],
  })
  const labelOf = (row: EvaluationRow): string => (row.subgroup ? labels.subgroup(row.subgroup) : '')
  const interactionText = (p: number): string => {
    const text = pValue(p)
    return /^[<>]/.test(text) ? words.figure.subgroups.interactionBelow(text) : words.figure.subgroups.interaction(text)
  }
  const lines = [
    ...(all ? [lineOf(words.figure.subgroups.all, all)] : []),
    ...[...byVariable].flatMap(([by, group]): ForestLine[] => {
      if (by === undefined) return []
      const p = interactionOf(by)
      return [
        {
          kind: 'heading',
          label: words.subgroupBy[by],
          ...(typeof p !== 'number' ? {} : { note: interactionText(p) }),
        },
        ...group.map((row) => lineOf(labelOf(row), row)),
      ]
    }),
  ]
  const description = rows.map((row) => `${labelOf(row)}: ${estimateText(words, metric, row.result)}`).join('; ')
  return {
    id: `subgroups-${metric.replaceAll('_', '-')}-${modality}-${feature}-${idPart(comparator)}`,
    kind: 'subgroups',
    title,
    caption: words.sentence([words.figure.subgroups.caption(levelText(source)), `${unit}${words.stop}`]),
    description: rows.length === 0 ? words.figure.nothing : description,
    span: 'page',
    table: {
      columns: [
        { header: words.column.subgroup, isNumeric: false },
        { header: '', isNumeric: false },
        { header: words.column.estimate, isNumeric: true },
        { header: words.column.interval, isNumeric: true },
        { header: words.column.n, isNumeric: true },
        { header: words.column.patients, isNumeric: true },
        { header: words.column.missing, isNumeric: true },
        { header: words.column.note, isNumeric: false },
      ],
      rows: rows.map((row) => {
        const text = resultText(words, metric, row.result)
        return [
          row.subgroup ? words.subgroupBy[row.subgroup.by] : '',
          labelOf(row),
          text.estimate,
          text.interval,
          text.n,
          text.patients,
          text.missing,
          words.list(text.notes),
        ]
      }),
    },
    draw: (dom, size) =>
      drawing(dom, size, {
        figure: { title, description },
        columns: 1,
        footer: [unit, ...source.warning],
        panels: [
          {
            title: '',
            draw: (width) =>
              forestPlot(lines, {
                dom,
                width,
                font: size.font,
                words,
                isDifference: false,
                axis: words.metric[metric],
                headers: [words.column.estimate, words.column.n, words.column.patients],
                guides: typeof all?.result.estimate === 'number' ? [{ at: all.result.estimate, dash: true }] : [],
              }),
          },
        ],
      }),
  }
}
