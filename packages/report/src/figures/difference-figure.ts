import type { EvaluationMetric, EvaluationRow } from '@facetgrade/evaluation/evaluation-row'
import type { Modality } from '@facetgrade/grading/modality'
import { drawing } from '../drawing/svg.ts'
import { count, decimal, pValue } from '../words/format-number.ts'
import { estimateText, resultText } from '../words/result-text.ts'
import type { Figure } from './figure.ts'
import { type FigureSource, levelText, primaryRows, unitLine } from './figure-source.ts'
import { type ForestLine, forestPlot } from './forest.ts'
import { INK } from './style.ts'

/** Model less each reader, consensus and panel, a block per feature, with the margin of a declared hypothesis. */
export function differenceFigure(source: FigureSource, modality: Modality, metric: EvaluationMetric): Figure {
  const { labels, styles, document } = source
  const { words } = labels
  const score = metric === 'auc' || metric === 'weighted_kappa' || metric === 'gwet_ac2' ? 'grades' : 'operating_point'
  const rows = [...primaryRows(source, 'model_vs_reader'), ...primaryRows(source, 'model_vs_panel')].filter(
    (row) => row.modality === modality && row.metric === metric && row.score === score,
  )
  const hypotheses = primaryRows(source, 'hypothesis').filter(
    (row) => row.modality === modality && row.metric === metric,
  )
  const testOf = (row: EvaluationRow) => hypotheses.find((test) => test.hypothesis?.of === row.id)
  const margin = hypotheses.find((test) => typeof test.hypothesis?.margin === 'number')?.hypothesis?.margin ?? null
  const byFeature = Map.groupBy(rows, ({ feature }) => feature)
  const nameOf = (row: EvaluationRow): string =>
    row.analysis === 'model_vs_panel'
      ? words.withTarget(labels.rater(row.against ?? ''), words.targetShort[row.result.target])
      : labels.rater(row.against ?? '')
  const title = words.figure.forest.title(words.metric[metric], labels.modality(modality))
  const unit = unitLine(
    source,
    rows.map((row) => row.result),
  )
  const adjusted = (row: EvaluationRow): string => {
    const p = testOf(row)?.result.pAdjusted
    return typeof p !== 'number' ? '' : pValue(p)
  }
  const description = rows
    .map(
      (row) =>
        `${row.feature === null ? '' : labels.feature(row.feature)}, ${nameOf(row)}: ${estimateText(words, metric, row.result, true)}`,
    )
    .join('; ')
  const lines = [...byFeature].flatMap(([feature, group]): ForestLine[] => [
    { kind: 'heading', label: feature === null ? '' : labels.feature(feature) },
    ...group.map(
      (row): ForestLine => ({
        kind: 'result',
        label: nameOf(row),
        metric,
        result: row.result,
        style: styles.get(row.against ?? '') ?? { color: INK, symbol: 'square' },
        more: [row.result.p === null ? '' : pValue(row.result.p), adjusted(row)],
      }),
    ),
  ])
  return {
    id: `difference-${metric.replaceAll('_', '-')}-${modality}`,
    kind: 'forest',
    title,
    caption: words.sentence([
      words.figure.forest.caption(levelText(source), margin === null ? null : decimal(margin, 2)),
      `${unit}${words.stop}`,
    ]),
    description: rows.length === 0 ? words.figure.nothing : description,
    span: 'page',
    table: {
      columns: [
        { header: words.column.feature, isNumeric: false },
        { header: words.column.against, isNumeric: false },
        { header: words.column.estimate, isNumeric: true },
        { header: `${words.column.interval}, ${decimal(100 * document.level, 0)}%`, isNumeric: true },
        { header: words.column.p, isNumeric: true },
        { header: words.column.pAdjusted, isNumeric: true },
        { header: words.column.n, isNumeric: true },
        { header: words.column.patients, isNumeric: true },
        { header: words.column.missing, isNumeric: true },
        { header: words.column.note, isNumeric: false },
      ],
      rows: rows.map((row) => {
        const text = resultText(words, metric, row.result, true)
        return [
          row.feature === null ? '' : labels.feature(row.feature),
          nameOf(row),
          text.estimate,
          text.interval,
          text.p,
          adjusted(row),
          count(row.result.n),
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
                isDifference: true,
                axis: `← ${words.figure.forest.worse}\u2003${words.figure.forest.axis(words.metric[metric])}\u2003${words.figure.forest.better} →`,
                headers: [words.column.estimate, words.column.p, words.column.pAdjusted],
                guides: [{ at: 0, dash: false }, ...(margin === null ? [] : [{ at: -margin, dash: true }])],
              }),
          },
        ],
      }),
  }
}
