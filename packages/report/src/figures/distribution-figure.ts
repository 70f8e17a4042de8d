import type { CellFeature } from '@facetgrade/grading/feature'
import type { Modality } from '@facetgrade/grading/modality'
import { PARTS, type Part } from '@facetgrade/grading/part'
import * as Plot from '@observablehq/plot'
import { drawing, type Panel } from '../drawing/svg.ts'
import { count, percent } from '../words/format-number.ts'
import { axisLabel } from './axis-label.ts'
import { legendKeys } from './distribution-legend.ts'
import type { Figure } from './figure.ts'
import type { FigureSource } from './figure-source.ts'
import { GRADE_COLORS, gradeInk, INK, PAPER, plotBase } from './style.ts'

/** Joints of one part and feature: by grade, and without a grade (index after the last grade). */
type Bar = {
  readonly part: Part
  readonly feature: CellFeature
  readonly counts: readonly number[]
  readonly notAssessable: number
  readonly notGraded: number
  readonly total: number
}
type Piece = {
  readonly part: Part
  readonly grade: number | null
  readonly from: number
  readonly to: number
  readonly joints: number
}

/** Share of each grade in the reference, by part of the split: is the test part like the rest? */
export function distributionFigure(source: FigureSource, modality: Modality): Figure {
  const { labels } = source
  const { words } = labels
  const bars = barsOf(source, modality)
  const features = [...Map.groupBy(bars, (bar) => bar.feature)]
  const grades = Math.max(0, ...bars.map((bar) => bar.counts.length))
  const title = words.figure.distribution.title(labels.modality(modality))
  const unit = words.perUnit.joint
  const textOf = (bar: Bar): string =>
    `${labels.part(bar.part)}: ${bar.counts.map((joints, grade) => `${words.grade(grade)} ${count(joints)}`).join(', ')}, ${words.figure.distribution.noGrade} ${count(bar.notAssessable + bar.notGraded)}`
  const description = features
    .map(([feature, group]) => `${labels.feature(feature)}: ${words.list(group.map(textOf))}${words.stop}`)
    .join(' ')
  return {
    id: `distribution-${modality}`,
    kind: 'distribution',
    title,
    caption: words.sentence([words.figure.distribution.caption, `${unit}${words.stop}`]),
    description: bars.length === 0 ? words.figure.nothing : description,
    span: 'page',
    table: {
      columns: [
        { header: words.column.feature, isNumeric: false },
        { header: words.column.part, isNumeric: false },
        ...Array.from({ length: grades }, (_, grade) => ({ header: words.grade(grade), isNumeric: true })),
        { header: words.column.notAssessable, isNumeric: true },
        { header: words.column.notGraded, isNumeric: true },
        { header: words.column.n, isNumeric: true },
      ],
      rows: bars.map((bar) => [
        labels.feature(bar.feature),
        labels.part(bar.part),
        ...Array.from({ length: grades }, (_, grade) => {
          const joints = bar.counts[grade]
          return joints === undefined ? '' : `${count(joints)} (${percent(bar.total === 0 ? 0 : joints / bar.total)})`
        }),
        count(bar.notAssessable),
        count(bar.notGraded),
        count(bar.total),
      ]),
    },
    draw: (dom, size) =>
      drawing(dom, size, {
        figure: { title, description },
        columns: 2,
        footer: [unit, ...source.warning],
        legend: legendKeys(dom, words, grades),
        panels: features.map(
          ([feature, group]): Panel => ({
            title: labels.feature(feature),
            draw: (width) => {
              const height = size.font * (group.length * 1.9 + 3.6)
              return { element: stacked(group, { source, dom, width, height, font: size.font }), height }
            },
          }),
        ),
      }),
  }
}

function barsOf({ document, protocol }: FigureSource, modality: Modality): Bar[] {
  const order: readonly CellFeature[] = [...protocol.features.map((one) => one.feature), 'severity']
  return order.flatMap((feature) =>
    PARTS.flatMap((part): Bar[] => {
      const cells = document.distributions.filter(
        (one) => one.modality === modality && one.feature === feature && one.part === part,
      )
      const [first] = cells
      if (!first) return []
      const counts = first.counts.map((_, grade) => cells.reduce((sum, one) => sum + (one.counts[grade] ?? 0), 0))
      const notAssessable = cells.reduce((sum, one) => sum + one.notAssessable, 0)
      const notGraded = cells.reduce((sum, one) => sum + one.notGraded, 0)
      const total = counts.reduce((sum, joints) => sum + joints, 0) + notAssessable + notGraded
      return total === 0 ? [] : [{ part, feature, counts, notAssessable, notGraded, total }]
    }),
  )
}

function piecesOf(bar: Bar): Piece[] {
  let sum = 0
  const piece = (grade: number | null, joints: number): Piece => {
    const from = sum
    sum += joints
    return { part: bar.part, grade, from: (100 * from) / bar.total, to: (100 * sum) / bar.total, joints }
  }
  return [...bar.counts.map((joints, grade) => piece(grade, joints)), piece(null, bar.notAssessable + bar.notGraded)]
}

function stacked(
  bars: readonly Bar[],
  {
    source: { labels },
    dom,
    width,
    height,
    font,
  }: { source: FigureSource; dom: Document; width: number; height: number; font: number },
): Element {
  const { words } = labels
  const pieces = bars.flatMap(piecesOf)
  const fill = ({ grade }: Piece): string => (grade === null ? PAPER : (GRADE_COLORS[grade] ?? PAPER))
  return Plot.plot({
    ...plotBase(dom, { width, font }),
    height,
    marginLeft: font * 6.6,
    marginRight: font * 6.2,
    marginTop: font * 0.3,
    marginBottom: font * 3.2,
    x: { domain: [0, 100], ticks: [0, 25, 50, 75, 100], label: null, tickSize: font * 0.35, tickPadding: font * 0.3 },
    y: {
      domain: bars.map((bar) => bar.part),
      tickFormat: (part: Part) => labels.part(part),
      label: null,
      tickSize: 0,
      tickPadding: font * 0.5,
      padding: 0.18,
    },
    color: { type: 'identity' },
    marks: [
      Plot.rect(pieces, {
        x1: 'from',
        x2: 'to',
        y: 'part',
        fill,
        stroke: INK,
        strokeWidth: 0.4,
        title: ({ part, grade, joints, from, to }: Piece) =>
          `${labels.part(part)}, ${grade === null ? words.figure.distribution.noGrade : words.grade(grade)}: ${count(joints)} (${percent((to - from) / 100)})`,
      }),
      Plot.text(
        pieces.filter((piece) => piece.to - piece.from > 9 && piece.grade !== null),
        {
          x: (piece: Piece) => (piece.from + piece.to) / 2,
          y: 'part',
          text: ({ from, to }: Piece) => String(Math.round(to - from)),
          fill: ({ grade }: Piece) => gradeInk(grade ?? 0),
          fontSize: font,
        },
      ),
      Plot.text(bars, {
        y: 'part',
        text: (bar: Bar) => words.figure.distribution.total(count(bar.total)),
        frameAnchor: 'right',
        textAnchor: 'start',
        dx: font * 0.6,
        fontSize: font,
      }),
      axisLabel(words.figure.distribution.x, { frameAnchor: 'bottom', dy: font * 2.7 }),
    ],
  })
}
