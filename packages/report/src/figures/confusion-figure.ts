import type { EvaluationDocument } from '@facetgrade/evaluation/evaluation-document'
import type { Modality } from '@facetgrade/grading/modality'
import * as Plot from '@observablehq/plot'
import { drawing, type Panel } from '../drawing/svg.ts'
import { count } from '../words/format-number.ts'
import { axisLabel } from './axis-label.ts'
import type { Figure } from './figure.ts'
import { type FigureSource, primaryRows, unitLine } from './figure-source.ts'
import { INK, PAPER, plotBase, shade, shadeInk } from './style.ts'

type Confusion = EvaluationDocument['confusion'][number]
type Cell = { reference: number; answered: number; joints: number; share: number }

/** Joints by reference grade and a comparator's grade, a panel per feature. */
export function confusionFigure(source: FigureSource, modality: Modality, comparator: string): Figure {
  const { labels, document } = source
  const { words } = labels
  const tables = document.confusion.filter(
    (one) => one.modality === modality && one.comparator === comparator && jointsOf(one) > 0,
  )
  const title = words.figure.confusion.title(labels.modality(modality), labels.rater(comparator))
  const rows = primaryRows(source, 'performance').filter(
    (row) =>
      row.modality === modality && row.comparator === comparator && row.metric === 'weighted_kappa' && row.result.n > 0,
  )
  const unit = unitLine(
    source,
    rows.map((row) => row.result),
  )
  const description = tables
    .map((one) =>
      words.figure.confusion.describe(
        labels.feature(one.feature),
        count(cellsOf(one).reduce((sum, cell) => sum + (cell.reference === cell.answered ? cell.joints : 0), 0)),
        count(jointsOf(one)),
      ),
    )
    .join(' ')
  return {
    id: `confusion-${modality}-${idPart(comparator)}`,
    kind: 'confusion',
    title,
    caption: words.sentence([words.figure.confusion.caption, `${unit}${words.stop}`]),
    description: tables.length === 0 ? words.figure.nothing : description,
    span: 'page',
    table: {
      columns: [
        { header: words.column.feature, isNumeric: false },
        { header: words.column.referenceGrade, isNumeric: true },
        ...(tables[0]?.counts[0] ?? []).map((_, grade) => ({
          header: `${labels.rater(comparator)}: ${words.grade(grade)}`,
          isNumeric: true,
        })),
      ],
      rows: tables.flatMap((one) =>
        one.counts.map((row, grade) => [
          labels.feature(one.feature),
          String(grade),
          ...row.map((joints) => count(joints)),
        ]),
      ),
    },
    draw: (dom, size) =>
      drawing(dom, size, {
        figure: { title, description },
        columns: 3,
        footer: [unit, ...source.warning],
        panels: tables.map(
          (table): Panel => ({
            title: labels.feature(table.feature),
            draw: (width) => {
              const height = width * 0.92
              return {
                element: matrix(table, {
                  dom,
                  width,
                  height,
                  font: size.font,
                  rater: labels.rater(comparator),
                  reference: words.figure.confusion.rows,
                }),
                height,
              }
            },
          }),
        ),
      }),
  }
}

/** A code as part of an address: readers' codes stay, everything else becomes a hyphen. */
export const idPart = (code: string): string => code.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')

const jointsOf = ({ counts }: Confusion): number => counts.flat().reduce((sum, joints) => sum + joints, 0)

function cellsOf({ counts }: Confusion): Cell[] {
  return counts.flatMap((row, reference) => {
    const total = row.reduce((sum, joints) => sum + joints, 0)
    return row.map((joints, answered) => ({ reference, answered, joints, share: total === 0 ? 0 : joints / total }))
  })
}

function matrix(
  table: Confusion,
  {
    dom,
    width,
    height,
    font,
    rater,
    reference,
  }: { dom: Document; width: number; height: number; font: number; rater: string; reference: string },
): Element {
  const cells = cellsOf(table)
  const grades = (size: number) => Array.from({ length: size }, (_, grade) => grade)
  const scale = { label: null, tickSize: 0, tickPadding: font * 0.5, padding: 0 }
  return Plot.plot({
    ...plotBase(dom, { width, font }),
    height,
    marginLeft: font * 3,
    marginRight: font * 0.4,
    marginTop: font * 0.4,
    marginBottom: font * 3,
    x: { ...scale, domain: grades(table.counts[0]?.length ?? 0) },
    y: { ...scale, domain: grades(table.counts.length) },
    color: { type: 'identity' },
    marks: [
      Plot.cell(cells, {
        x: 'answered',
        y: 'reference',
        fill: (cell: Cell) => shade(cell.share),
        stroke: PAPER,
        strokeWidth: 1,
      }),
      Plot.cell(
        cells.filter((cell) => cell.reference === cell.answered),
        { x: 'answered', y: 'reference', fill: 'none', stroke: INK, strokeWidth: 1, inset: 0.5 },
      ),
      Plot.text(cells, {
        x: 'answered',
        y: 'reference',
        text: (cell: Cell) => count(cell.joints),
        fill: (cell: Cell) => shadeInk(cell.share),
        fontSize: font,
      }),
      axisLabel(rater, { frameAnchor: 'bottom', dy: font * 2.5 }),
      axisLabel(reference, { frameAnchor: 'left', dx: -font * 2.3, rotate: -90 }),
    ],
  })
}
