import type { EvaluationDocument } from '@facetgrade/evaluation/evaluation-document'
import type { CellFeature } from '@facetgrade/grading/feature'
import type { Modality } from '@facetgrade/grading/modality'
import * as Plot from '@observablehq/plot'
import { drawing, type Panel } from '../drawing/svg.ts'
import { decimal } from '../words/format-number.ts'
import { estimateText } from '../words/result-text.ts'
import { axisLabel } from './axis-label.ts'
import { confidenceRegion } from './confidence-region.ts'
import type { Figure } from './figure.ts'
import { type FigureSource, levelText, primaryRows, unitLine } from './figure-source.ts'
import { legendOf } from './legend.ts'
import { FAINT, plotBase } from './style.ts'

type Roc = EvaluationDocument['roc'][number]

/** A panel per feature at the protocol's cut: the model's curve, and every comparator as a point with its region. */
export function rocFigure(source: FigureSource, modality: Modality, features: readonly CellFeature[]): Figure {
  const { document, labels, protocol } = source
  const { words } = labels
  const cutOf = (feature: CellFeature) =>
    protocol.endpoints.cutGrades.find((cut) => cut.modality === modality && cut.feature === feature)?.cutGrade
  const panels = features
    .map((feature) => ({
      feature,
      curves: document.roc.filter(
        (roc) => roc.modality === modality && roc.feature === feature && roc.cutGrade === cutOf(feature),
      ),
    }))
    .filter(({ curves }) => curves.length > 0)
  const aucRows = primaryRows(source, 'performance').filter(
    (row) => row.modality === modality && row.metric === 'auc' && panels.some(({ feature }) => feature === row.feature),
  )
  const aucOf = (roc: Roc) =>
    aucRows.find((row) => row.feature === roc.feature && row.comparator === roc.comparator && row.score === roc.score)
  const nameOf = (roc: Roc): string => `${labels.rater(roc.comparator)}, ${words.score[roc.score]}`
  const aucText = (roc: Roc): string => {
    const row = aucOf(roc)
    return row ? words.figure.roc.auc(estimateText(words, 'auc', row.result)) : words.notDefined
  }
  const pointText = (roc: Roc): string =>
    roc.at
      ? words.figure.roc.at(
          labels.rater(roc.comparator),
          decimal(roc.at.sensitivity),
          decimal(roc.at.falsePositiveRate),
        )
      : words.figure.roc.noCall(labels.rater(roc.comparator))
  const panelTitle = ({ feature }: { feature: CellFeature }): string => {
    const cut = cutOf(feature)
    return cut === undefined ? labels.feature(feature) : `${labels.feature(feature)}, ${words.gradeAtLeast(cut)}`
  }
  const [only] = panels
  const title =
    panels.length === 1 && only
      ? words.figure.roc.titleOne(labels.modality(modality), labels.feature(only.feature))
      : words.figure.roc.title(labels.modality(modality))
  const description = panels
    .map((panel) =>
      words.figure.roc.describe(
        panelTitle(panel),
        pointsOf(panel.curves).flatMap((roc) => [
          pointText(roc),
          ...panel.curves
            .filter((one) => one.comparator === roc.comparator)
            .map((one) => `${nameOf(one)}: ${aucText(one)}`),
        ]),
      ),
    )
    .join(' ')
  const unit = unitLine(
    source,
    aucRows.map((row) => row.result),
  )
  return {
    id: ['roc', modality, ...(panels.length === 1 && only && features.length === 1 ? [only.feature] : [])].join('-'),
    kind: 'roc',
    title,
    caption: words.sentence([words.figure.roc.caption(levelText(source)), `${unit}${words.stop}`]),
    description: panels.length === 0 ? words.figure.nothing : description,
    span: panels.length === 1 ? 'column' : 'page',
    table: {
      columns: [
        { header: words.column.feature, isNumeric: false },
        { header: words.column.comparator, isNumeric: false },
        { header: words.column.cut, isNumeric: false },
        { header: words.column.sensitivity, isNumeric: true },
        { header: words.column.falsePositiveRate, isNumeric: true },
        { header: words.metric.auc, isNumeric: true },
        { header: words.column.n, isNumeric: true },
        { header: words.column.patients, isNumeric: true },
      ],
      rows: panels.flatMap(({ curves }) =>
        curves.map((roc) => {
          const row = aucOf(roc)
          const isAt = pointsOf(curves).includes(roc)
          return [
            labels.feature(roc.feature),
            nameOf(roc),
            words.gradeAtLeast(roc.cutGrade),
            isAt && roc.at ? decimal(roc.at.sensitivity) : '',
            isAt && roc.at ? decimal(roc.at.falsePositiveRate) : '',
            row ? estimateText(words, 'auc', row.result) : words.notDefined,
            String(row?.result.n ?? ''),
            String(row?.result.clusters ?? ''),
          ]
        }),
      ),
    },
    draw: (dom, size) =>
      drawing(dom, size, {
        figure: { title, description },
        columns: panels.length === 1 ? 1 : 3,
        legend: legendOf(
          dom,
          source,
          pointsOf(panels.flatMap(({ curves }) => curves)).map(({ comparator }) => comparator),
        ),
        footer: [unit, ...source.warning],
        panels: panels.map(
          (panel): Panel => ({
            title: panelTitle(panel),
            draw: (width) => {
              const height = width
              return {
                element: rocPlot(source, panel.curves, { dom, width, height, font: size.font, pointText }),
                height,
              }
            },
          }),
        ),
      }),
  }
}

/** One point a comparator: the model where its operating point is (its probability), a reader from the grades. */
function pointsOf(curves: readonly Roc[]): Roc[] {
  const byComparator = Map.groupBy(curves, ({ comparator }) => comparator)
  return [...byComparator.values()].flatMap(
    (group) => group.find(({ score }) => score === 'probability') ?? group[0] ?? [],
  )
}

function rocPlot(
  { styles, document, labels }: FigureSource,
  curves: readonly Roc[],
  of: { dom: Document; width: number; height: number; font: number; pointText: (roc: Roc) => string },
): Element {
  const { words } = labels
  const { width, height, font } = of
  const points = pointsOf(curves).filter(({ at }) => at !== null)
  const styleOf = (roc: Roc) => styles.get(roc.comparator) ?? { color: FAINT, symbol: 'circle' as const }
  const regions = points.flatMap((roc) => {
    const outline = roc.at === null ? undefined : confidenceRegion(roc.at, document.level)
    return outline ? [{ roc, outline }] : []
  })
  return Plot.plot({
    ...plotBase(of.dom, { width, font }),
    height,
    marginLeft: font * 4,
    marginBottom: font * 3.2,
    marginTop: font * 0.6,
    marginRight: font * 0.9,
    x: {
      domain: [0, 1],
      ticks: [0, 0.25, 0.5, 0.75, 1],
      tickFormat: tick,
      label: null,
      tickSize: font * 0.35,
      tickPadding: font * 0.3,
    },
    y: {
      domain: [0, 1],
      ticks: [0, 0.25, 0.5, 0.75, 1],
      tickFormat: tick,
      label: null,
      tickSize: font * 0.35,
      tickPadding: font * 0.3,
    },
    marks: [
      Plot.frame({ stroke: FAINT, strokeWidth: 0.5 }),
      Plot.line(
        [
          [0, 0],
          [1, 1],
        ],
        { stroke: FAINT, strokeWidth: 0.75, strokeDasharray: '2,2' },
      ),
      ...regions.flatMap(({ roc, outline }) => [
        Plot.line(outline, {
          fill: styleOf(roc).color,
          fillOpacity: 0.1,
          stroke: styleOf(roc).color,
          strokeWidth: 0.6,
          curve: 'linear',
        }),
      ]),
      ...curves
        .filter(({ score }) => score === 'probability')
        .map((roc) =>
          Plot.line(roc.points, {
            x: 'falsePositiveRate',
            y: 'sensitivity',
            stroke: styleOf(roc).color,
            strokeWidth: 1.25,
          }),
        ),
      Plot.dot(points, {
        x: (roc: Roc) => roc.at?.falsePositiveRate,
        y: (roc: Roc) => roc.at?.sensitivity,
        symbol: (roc: Roc) => styleOf(roc).symbol,
        fill: (roc: Roc) => styleOf(roc).color,
        stroke: 'white',
        strokeWidth: 0.6,
        r: font * 0.42,
        title: of.pointText,
      }),
      axisLabel(words.figure.roc.x, { frameAnchor: 'bottom', dy: font * 2.7 }),
      axisLabel(words.figure.roc.y, { frameAnchor: 'left', dx: -font * 3.5, rotate: -90 }),
    ],
    symbol: { type: 'identity' },
    color: { type: 'identity' },
  })
}

const tick = (value: number): string => (value === 0 || value === 1 ? String(value) : String(value).replace(/^0/, '0'))
